package dev.codexmcp.job;

import dev.codexmcp.codex.event.CodexEventKind;
import dev.codexmcp.job.log.OwnEvents;
import dev.codexmcp.json.IsoTime;
import dev.codexmcp.json.JsonWritable;
import dev.codexmcp.worker.ExitStatus;
import java.util.List;
import java.util.Optional;

/** The events of a job that its worker does not print: queued, spawned, retrying and final. */
final class JobEvents implements OwnEvents {
    /** The most files that the last event names. */
    private static final int MOST_FILES = 20;

    private final Job job;

    JobEvents(Job job) {
        this.job = job;
    }

    @Override
    public JsonWritable content(CodexEventKind kind) {
        return content(kind, 0);
    }

    @Override
    public JsonWritable content(CodexEventKind kind, long time) {
        if (kind == CodexEventKind.QUEUED) {
            return queued();
        }
        if (kind == CodexEventKind.RETRY) {
            return retrying(time);
        }
        return kind == CodexEventKind.FINAL ? ended() : spawned(time);
    }

    private JsonWritable retrying(long time) {
        Attempts.Retry retry = job.attempts().retryAt(time).orElseThrow();
        return json -> {
            json.writeStartObject();
            json.writeStringField("jobId", job.id());
            json.writeStringField("kind", "retrying");
            json.writeNumberField("attempt", retry.next());
            json.writeStringField(
                    "reason", retry.failure().reason().orElseThrow().wire());
            json.writeStringField("message", retry.failure().message());
            if (retry.failure().retryAt().isPresent()) {
                json.writeStringField(
                        "retryAt",
                        IsoTime.format(retry.failure().retryAt().get().toEpochMilli()));
            }
            json.writeEndObject();
        };
    }

    private JsonWritable queued() {
        return json -> {
            json.writeStartObject();
            json.writeStringField("jobId", job.id());
            json.writeStringField("kind", "queued");
            json.writeNumberField("position", job.position());
            if (!job.spec().scheduling().dependsOn().isEmpty()) {
                json.writeArrayFieldStart("dependsOn");
                for (String dependency : job.spec().scheduling().dependsOn()) {
                    json.writeString(dependency);
                }
                json.writeEndArray();
            }
            if (job.spec().label().isPresent()) {
                json.writeStringField("label", job.spec().label().get());
            }
            json.writeEndObject();
        };
    }

    private JsonWritable spawned(long time) {
        Optional<Attempts.Start> start = job.attempts().startAt(time);
        JobSpec spec = start.map(Attempts.Start::spec).orElseGet(job::spec);
        String program = start.map(Attempts.Start::program).orElse("");
        int attempt = start.map(Attempts.Start::number).orElse(1);
        return json -> {
            json.writeStartObject();
            json.writeStringField("jobId", job.id());
            json.writeStringField("kind", "spawned");
            json.writeStringField("command", program);
            json.writeArrayFieldStart("args");
            for (String argument : spec.command().arguments()) {
                json.writeString(argument);
            }
            json.writeEndArray();
            json.writeStringField("effectiveSandbox", spec.sandbox().wire());
            if (attempt > 1) {
                json.writeNumberField("attempt", attempt);
            }
            if (spec.label().isPresent()) {
                json.writeStringField("label", spec.label().get());
            }
            json.writeEndObject();
        };
    }

    private JsonWritable ended() {
        JobSnapshot end = job.snapshot();
        String message = job.output().lastMessage().orElse(null);
        List<String> files = job.output().changedFiles();
        return json -> {
            json.writeStartObject();
            json.writeStringField("jobId", job.id());
            json.writeStringField("status", end.status().wire());
            JobSnapshot.writeExitCode(json, end.exit().map(ExitStatus::code).orElse(null));
            json.writeStringField(
                    "exitSignal", end.exit().map(ExitStatus::signal).orElse(null));
            json.writeStringField("lastMessage", message);
            end.writeHost(json);
            end.writeReason(json);
            JobFields.writeThread(json, job, true);
            if (!files.isEmpty()) {
                json.writeArrayFieldStart("modifiedFiles");
                for (String file : files.subList(0, Math.min(files.size(), MOST_FILES))) {
                    json.writeString(file);
                }
                json.writeEndArray();
                json.writeNumberField("modifiedFileCount", files.size());
            }
            json.writeEndObject();
        };
    }
}
