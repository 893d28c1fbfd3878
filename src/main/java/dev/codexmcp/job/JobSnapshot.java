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
 * @param startedAt milliseconds since 1970; empty if its worker was never started
 * @param finishedAt the same; empty unless the job has ended, like {@code cause}
 * @param exit how the worker ended; empty if it has not, or never was
 */
public record JobSnapshot(
        String jobId,
        Optional<String> label,
        JobStatus status,
        Optional<Long> startedAt,
        Optional<Long> finishedAt,
        Optional<EndCause> cause,
        Optional<ExitStatus> exit) {
    public JobSnapshot {
        if (status.ended() != finishedAt.isPresent()
                || status.ended() != cause.isPresent()
                || (exit.isPresent() && !status.ended())) {
            throw new IllegalArgumentException(status + ", " + finishedAt + ", " + cause + ", " + exit);
        }
    }

    /** The fields that clients see; of a worker that a signal ended, {@code exitCode} is null. */
    public void writeFields(JsonGenerator json) throws IOException {
        json.writeStringField("jobId", jobId);
        json.writeStringField("status", status.wire());
        if (startedAt.isPresent()) {
            json.writeStringField("startedAt", IsoTime.format(startedAt.get()));
        }
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

    /** The same as an object. */
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
