package dev.codexmcp.job;

import dev.codexmcp.codex.event.CodexEventKind;
import dev.codexmcp.job.log.OwnEvents;
import dev.codexmcp.json.JsonWritable;
import dev.codexmcp.worker.ExitStatus;

/** The events of a job that are not output of its worker: how it was started and how it ended. */
final class JobEvents implements OwnEvents {
    private final Job job;

    JobEvents(Job job) {
        this.job = job;
    }

    @Override
    public JsonWritable content(CodexEventKind kind) {
        return kind == CodexEventKind.FINAL ? ended() : spawned();
    }

    private JsonWritable spawned() {
        JobSpec spec = job.spec();
        return json -> {
            json.writeStartObject();
            json.writeStringField("jobId", job.id());
            json.writeStringField("kind", "spawned");
            json.writeStringField("command", job.program());
            json.writeArrayFieldStart("args");
            for (String argument : spec.command().arguments()) {
                json.writeString(argument);
            }
            json.writeEndArray();
            json.writeStringField("effectiveSandbox", spec.sandbox().wire());
            if (spec.label().isPresent()) {
                json.writeStringField("label", spec.label().get());
            }
            json.writeEndObject();
        };
    }

    private JsonWritable ended() {
        JobSnapshot end = job.snapshot();
        String message = job.output().lastMessage().orElse(null);
        return json -> {
            json.writeStartObject();
            json.writeStringField("jobId", job.id());
            json.writeStringField("status", end.status().wire());
            JobSnapshot.writeExitCode(json, end.exit().map(ExitStatus::code).orElse(null));
            json.writeStringField(
                    "exitSignal", end.exit().map(ExitStatus::signal).orElse(null));
            json.writeStringField("lastMessage", message);
            json.writeEndObject();
        };
    }
}
