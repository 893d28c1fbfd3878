package dev.codexmcp.control;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.codexmcp.job.JobSpec;
import dev.codexmcp.job.fleet.FleetJob;
import dev.codexmcp.job.fleet.FleetRow;
import dev.codexmcp.job.fleet.FleetRowJson;
import dev.codexmcp.json.Json;
import dev.codexmcp.json.JsonWritable;
import java.io.IOException;
import java.util.Optional;

/** A job as readers see it: its row in the overview, with absolute times. */
final class JobEntry {
    private JobEntry() {}

    static JsonWritable of(FleetJob job, long now) {
        FleetRow row = job.row(now);
        return json -> {
            json.writeStartObject();
            FleetRowJson.writeFields(json, row);
            json.writeNumberField("createdAt", job.createdAt());
            writeTime(json, "startedAt", row.job().startedAt());
            writeTime(json, "finishedAt", row.job().finishedAt());
            if (row.idle().isPresent()) {
                json.writeNumberField("activeAt", now - row.idle().getAsLong());
            }
            json.writeNumberField("events", job.job().output().events().size());
            Optional<String> message = row.job().details().message();
            if (message.isPresent()) {
                json.writeStringField("message", Json.wellFormed(cut(message.get())));
            }
            writeSpec(json, job.job().spec());
            json.writeEndObject();
        };
    }

    private static void writeTime(JsonGenerator json, String name, Optional<Long> time) throws IOException {
        if (time.isPresent()) {
            json.writeNumberField(name, time.get());
        }
    }

    private static void writeSpec(JsonGenerator json, JobSpec spec) throws IOException {
        if (!spec.scheduling().dependsOn().isEmpty()) {
            json.writeArrayFieldStart("dependsOn");
            for (String jobId : spec.scheduling().dependsOn()) {
                json.writeString(jobId);
            }
            json.writeEndArray();
        }
        Optional<String> label = spec.label().filter(text -> text.length() > FleetRowJson.LABEL_LENGTH);
        if (label.isPresent()) {
            json.writeStringField("fullLabel", Json.wellFormed(cut(label.get())));
        }
        json.writeStringField("sandbox", spec.sandbox().wire());
        if (spec.options().model().isPresent()) {
            json.writeStringField(
                    "model", Json.wellFormed(cut(spec.options().model().get())));
        }
        if (spec.options().workingDirectory().isPresent()) {
            json.writeStringField(
                    "directory",
                    Json.wellFormed(spec.options().workingDirectory().get()));
        }
    }

    private static String cut(String text) {
        return text.length() <= 1000 ? text : text.substring(0, 999) + "…";
    }
}
