package dev.codexmcp.tool;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.codexmcp.job.Claim;
import dev.codexmcp.job.Job;
import java.io.IOException;
import java.util.List;

/** Writes which of the paths that a job has declared running jobs have declared too. */
final class DeclaredOverlaps {
    private DeclaredOverlaps() {}

    /** @param others the running jobs with which the job has paths in common */
    static void write(JsonGenerator json, Job job, List<Job> others) throws IOException {
        if (others.isEmpty()) {
            return;
        }
        json.writeArrayFieldStart("overlaps");
        for (Claim claim : job.spec().place().writes()) {
            List<Job> meeting = others.stream()
                    .filter(other -> other.spec().place().writes().stream().anyMatch(claim::meets))
                    .toList();
            if (!meeting.isEmpty()) {
                json.writeStartObject();
                json.writeStringField("path", claim.text());
                json.writeArrayFieldStart("jobs");
                for (Job other : meeting) {
                    json.writeString(other.id());
                }
                json.writeEndArray();
                json.writeEndObject();
            }
        }
        json.writeEndArray();
    }
}
