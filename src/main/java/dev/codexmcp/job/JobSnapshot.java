package dev.codexmcp.job;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.codexmcp.json.IsoTime;
import dev.codexmcp.json.JsonWritable;
import dev.codexmcp.worker.ExitStatus;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A job at one moment.
 *
 * @param startedAt milliseconds since 1970
 * @param finishedAt the same, where the job has ended
 * @param exit how the worker ended, where it has
 */
public record JobSnapshot(
        String jobId,
        Optional<String> label,
        JobStatus status,
        long startedAt,
        Optional<Long> finishedAt,
        Optional<ExitStatus> exit) {

    /** The fields of {@code codex_status}; of a worker that a signal ended the {@code exitCode} is null. */
    public void writeFields(JsonGenerator json) throws IOException {
        json.writeStringField("jobId", jobId);
        json.writeStringField("status", status.wire());
        json.writeStringField("startedAt", IsoTime.format(startedAt));
        if (finishedAt.isPresent()) {
            json.writeStringField("finishedAt", IsoTime.format(finishedAt.get()));
        }
        if (exit.isPresent()) {
            writeExitCode(json, exit.get().code());
        }
        if (label.isPresent()) {
            json.writeStringField("label", label.get());
        }
    }

    /** The object of {@code codex_status}. */
    public JsonWritable asJson() {
        return json -> {
            json.writeStartObject();
            writeFields(json);
            json.writeEndObject();
        };
    }

    static void writeExitCode(JsonGenerator json, @Nullable Integer code) throws IOException {
        if (code == null) {
            json.writeNullField("exitCode");
        } else {
            json.writeNumberField("exitCode", code);
        }
    }
}
