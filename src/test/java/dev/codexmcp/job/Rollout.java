package dev.codexmcp.job;

import dev.codexmcp.codex.TokenUsage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Map;

/** A thread's rollout file below a {@code CODEX_HOME}, and the lines of its worker. */
record Rollout(Path home, String thread) {
    private static final String USAGE = "{\"input_tokens\":%d,\"cached_input_tokens\":%d,\"output_tokens\":%d,"
            + "\"reasoning_output_tokens\":%d,\"total_tokens\":%d}";

    static Rollout in(Path home) {
        return new Rollout(home, "01a1fede-ad80-75e2-bc6d-35b35fb90932");
    }

    /** The same job with this home. */
    JobSpec with(JobSpec spec) {
        return new JobSpec(
                spec.command(),
                spec.options(),
                spec.sandbox(),
                spec.label(),
                Map.of("CODEX_HOME", home.toString()),
                spec.scheduling(),
                spec.continuation(),
                Place.SHARED,
                spec.boss());
    }

    /** Appends what the CLI writes after a model response: the thread's total, and that response's part of it. */
    void count(Instant written, TokenUsage total, TokenUsage last) {
        String line = "{\"timestamp\":\"" + written
                + "\",\"type\":\"event_msg\",\"payload\":{\"type\":\"token_count\",\"info\":"
                + "{\"total_token_usage\":" + json(total) + ",\"last_token_usage\":" + json(last) + "}}}\n";
        try {
            Path folder = Files.createDirectories(home.resolve("sessions/2026/11/21"));
            Files.writeString(
                    folder.resolve("rollout-2026-11-21T16-09-28-" + thread + ".jsonl"),
                    line,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As much of everything. */
    static TokenUsage tokens(int each) {
        return new TokenUsage(each, 0, each, 0);
    }

    private static String json(TokenUsage usage) {
        return USAGE.formatted(usage.input(), usage.cached(), usage.output(), usage.reasoning(), usage.total());
    }

    String threadStarted() {
        return "{\"type\":\"thread.started\",\"thread_id\":\"" + thread + "\"}\n";
    }

    static String turnCompleted(TokenUsage usage) {
        return "{\"type\":\"turn.completed\",\"usage\":" + json(usage) + "}\n";
    }
}
