package dev.codexmcp.job;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.codexmcp.json.IsoTime;
import dev.codexmcp.worker.ExitStatus;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A job at one moment.
 *
 * @param startedAt milliseconds since 1970; empty if no worker has been started
 * @param finishedAt the same; empty unless the job has ended, like {@code cause}
 * @param exit how the worker ended; empty if it has not, or never was
 * @param host where the worker runs or ran, if not here
 * @param details what the CLI or the system said about its end
 */
public record JobSnapshot(
        String jobId,
        Optional<String> label,
        JobStatus status,
        Optional<Long> startedAt,
        Optional<Long> finishedAt,
        Optional<EndCause> cause,
        Optional<ExitStatus> exit,
        Optional<String> host,
        EndDetails details) {
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
        writeHost(json);
        writeReason(json);
    }

    /** Where the worker runs or ran, if not here. */
    void writeHost(JsonGenerator json) throws IOException {
        if (host.isPresent()) {
            json.writeStringField("host", host.get());
        }
    }

    /** Why it did not end {@code done}, in a word; empty if the status says everything. */
    public Optional<String> reason() {
        return status == JobStatus.DONE ? Optional.empty() : cause.flatMap(EndCause::reason);
    }

    /** Why it did not end {@code done}, if there is more to say than the status. */
    void writeReason(JsonGenerator json) throws IOException {
        if (reason().isEmpty()) {
            return;
        }
        json.writeStringField("reason", reason().get());
        if (details.message().isPresent()) {
            json.writeStringField("message", details.message().get());
        }
        if (details.retryAt().isPresent()) {
            json.writeStringField("retryAt", IsoTime.format(details.retryAt().get()));
        }
    }

    static void writeExitCode(JsonGenerator json, @Nullable Integer code) throws IOException {
        if (code == null) {
            json.writeNullField("exitCode");
        } else {
            json.writeNumberField("exitCode", code);
        }
    }
}
