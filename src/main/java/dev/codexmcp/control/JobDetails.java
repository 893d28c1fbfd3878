package dev.codexmcp.control;

import dev.codexmcp.job.Job;
import dev.codexmcp.job.WorkerOutput;
import dev.codexmcp.json.Json;
import dev.codexmcp.json.JsonWritable;
import java.util.List;
import java.util.Optional;

/** The details of one job beyond its row and its events. */
final class JobDetails {
    /** The longest text, in characters. */
    private static final int LONGEST = 64 * 1024;

    private static final int MOST_FILES = 500;

    private JobDetails() {}

    static JsonWritable of(Job job) {
        WorkerOutput output = job.output();
        Optional<String> message = output.lastMessage();
        Optional<String> error = output.lastError();
        Optional<String> threadId = output.threadId();
        List<String> files = output.changedFiles();
        return json -> {
            json.writeStartObject();
            json.writeStringField("jobId", job.id());
            if (threadId.isPresent()) {
                json.writeStringField("threadId", cut(threadId.get()));
            }
            if (message.isPresent()) {
                json.writeStringField("message", cut(message.get()));
            }
            if (error.isPresent()) {
                json.writeStringField("error", cut(error.get()));
            }
            json.writeArrayFieldStart("files");
            for (String file : files.subList(0, Math.min(MOST_FILES, files.size()))) {
                json.writeString(cut(file));
            }
            json.writeEndArray();
            json.writeNumberField("fileCount", files.size());
            json.writeEndObject();
        };
    }

    private static String cut(String text) {
        return Json.wellFormed(
                text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "… (" + text.length() + " characters)");
    }
}
