package dev.codexmcp.tool;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.codexmcp.job.JobRegistry;
import dev.codexmcp.job.WaitAny;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Waits until the first of several jobs ends. */
final class WaitAnyTool implements Tool {
    private static final Field<List<String>> JOB_IDS = Field.texts(
                    "jobIds", 1, "The jobs to wait for; leave out those that have ended.")
            .required();
    private static final Field<Integer> TIMEOUT_MS = Field.integer(
            "timeoutMs",
            0,
            300_000,
            0,
            "How long to wait, in milliseconds; 0 just looks. Stay below your host's tool timeout.");

    private static final ToolSpec SPEC = new ToolSpec(
            "codex_wait_any",
            "Wait for a job to end",
            "Wait until the first of these jobs ends, or the time is up. Then codex_result for the completedJobId, and wait "
                    + "again for the others. timedOut true: all are still running.",
            Hints.WATCHES,
            List.of(JOB_IDS, TIMEOUT_MS),
            false);

    private final JobRegistry registry;

    WaitAnyTool(JobRegistry registry) {
        this.registry = registry;
    }

    @Override
    public ToolSpec spec() {
        return SPEC;
    }

    @Override
    public CompletableFuture<ToolAnswer> call(Arguments arguments) throws BadArgumentException {
        WaitAny wait = registry.waitAny(arguments.required(JOB_IDS), arguments.orElse(TIMEOUT_MS, 0));
        CompletableFuture<ToolAnswer> answer =
                wait.thenApply(outcome -> new ToolAnswer.Json(json -> write(json, outcome)));
        return answer.whenComplete((done, failure) -> {
            if (failure != null) {
                wait.cancel(false);
            }
        });
    }

    private static void write(JsonGenerator json, WaitAny.Outcome outcome) throws IOException {
        json.writeStartObject();
        json.writeStringField("completedJobId", outcome.completedJobId().orElse(null));
        json.writeBooleanField("timedOut", outcome.timedOut());
        if (!outcome.missingJobIds().isEmpty()) {
            json.writeArrayFieldStart("missingJobIds");
            for (String id : outcome.missingJobIds()) {
                json.writeString(id);
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }
}
