package dev.codexmcp.job;

import dev.codexmcp.codex.RolloutFile;
import dev.codexmcp.codex.SessionFiles;
import dev.codexmcp.codex.TokenUsage;
import dev.codexmcp.codex.UsageLines;
import dev.codexmcp.codex.event.CodexEventKind;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The tokens that a job has added to its thread. While its worker runs, they come from the thread's rollout file, if that
 * can be read; otherwise from the end of its turn. Reads on demand, at most once a second. Thread-safe.
 */
final class TokenMeter {
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Job job;
    private @Nullable RolloutFile file;
    private @Nullable TokenUsage usage;
    private long lookedAt;
    private boolean settled;

    TokenMeter(Job job) {
        this.job = job;
    }

    /** The usage; empty if unknown. Final once the job has ended. */
    synchronized Optional<TokenUsage> usage() {
        if (!settled) {
            boolean ended = job.ended();
            look(ended);
            settled = ended;
            file = ended ? null : file;
        }
        return Optional.ofNullable(usage);
    }

    private void look(boolean ended) {
        Optional<TokenUsage> turn = UsageLines.ofTurn(job.output().events().lastLine(CodexEventKind.TURN_COMPLETED));
        // Of a thread that the job continues, a turn's usage includes what earlier turns used.
        if (turn.isPresent() && job.spec().continuation().isEmpty()) {
            usage = turn.get();
            return;
        }
        if (!ended && isFresh()) {
            return;
        }
        Optional<Long> startedAt = job.snapshot().startedAt();
        Optional<String> threadId = job.output().threadId();
        if (startedAt.isEmpty() || threadId.isEmpty()) {
            return;
        }
        if (file == null) {
            Map<String, String> environment = new HashMap<>(System.getenv());
            environment.putAll(job.spec().environment());
            file = new RolloutFile(SessionFiles.of(environment), threadId.get(), Instant.ofEpochMilli(startedAt.get()));
        }
        job.snapshot().finishedAt().map(Instant::ofEpochMilli).ifPresent(file::ended);
        file.poll();
        file.usage().ifPresent(used -> usage = used);
    }

    private boolean isFresh() {
        long now = System.nanoTime();
        if (file != null && now - lookedAt < FRESH_NANOS) {
            return true;
        }
        lookedAt = now;
        return false;
    }
}
