package dev.codexmcp.job.fleet;

import dev.codexmcp.codex.TokenUsage;
import dev.codexmcp.job.Job;
import dev.codexmcp.job.JobSnapshot;
import dev.codexmcp.job.JobStatus;
import dev.codexmcp.job.QueueReason;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the fleet knows about one job. Guarded by its {@link Fleet}'s lock, except for what {@link #row} reads. */
public final class FleetJob {
    private final Job job;
    private final long createdAt;
    private final FilesSeen files;
    private final Function<Job, Optional<QueueReason>> waitsFor;

    final Ring.Link inChanges = new Ring.Link(this);
    final Ring.Link inGroup = new Ring.Link(this);
    final Ring.Link inUnreported = new Ring.Link(this);
    final Ring.Link inUncounted = new Ring.Link(this);

    /** The waits for it; empty once it has ended. */
    final Set<WaitSet> waits = new HashSet<>();

    /** Attention words that a wait has reported. */
    final Set<String> wordsReported = new HashSet<>();

    long rev;
    boolean reported;
    private @Nullable JobStatus status;
    private volatile List<String> attention = List.of();
    private volatile boolean overlaps;

    private volatile long tokens;
    private volatile boolean tokensAreFinal;

    FleetJob(Job job, long createdAt, Function<Job, Optional<QueueReason>> waitsFor) {
        this.job = job;
        this.waitsFor = waitsFor;
        this.createdAt = createdAt;
        this.files = new FilesSeen(job.output());
    }

    public Job job() {
        return job;
    }

    /** When it was spawned, in milliseconds since 1970. */
    public long createdAt() {
        return createdAt;
    }

    /** The number of its last change. */
    public long rev() {
        return rev;
    }

    JobStatus status() {
        return status == null ? JobStatus.QUEUED : status;
    }

    boolean ended() {
        return status().ended();
    }

    /** Notes the state of the job. Returns false if it is known already, or outdated. */
    boolean become(JobStatus now) {
        JobStatus next = switch (now) {
            case STARTING -> JobStatus.RUNNING;
            case SUBMITTED -> JobStatus.QUEUED;
            case QUEUED, RUNNING, DONE, FAILED, CANCELED -> now;
        };
        if (next == status || (status != null && status.ended())) {
            return false;
        }
        status = next;
        return true;
    }

    List<String> attention() {
        return attention;
    }

    void attention(List<String> words) {
        attention = words;
    }

    /** Whether there is a word that no wait has reported. */
    boolean hasNews() {
        return !wordsReported.containsAll(attention);
    }

    /** Notes whether it writes files that another job writes too. */
    void overlaps(boolean so) {
        overlaps = so;
    }

    /** What its events show at this time. */
    Sight sight(long now) {
        return Sight.of(
                job.output().events().lines(),
                job.spec().options().workingDirectory().orElseGet(() -> System.getProperty("user.dir")),
                overlaps,
                now);
    }

    /** How many tokens it has used, input and output, when last looked at. */
    long tokens() {
        return tokens;
    }

    /** Whether {@link #tokens} is final. */
    boolean tokensAreFinal() {
        return tokensAreFinal;
    }

    /** Must not be called under the fleet's lock: it may read a file. */
    void lookAtTokens() {
        boolean ended = job.ended();
        tokens = job.usage().map(TokenUsage::total).orElse(0L);
        tokensAreFinal = ended;
    }

    /** The row of the job at this time, in milliseconds since 1970. Must not be called under the fleet's lock. */
    public FleetRow row(long now) {
        if (!tokensAreFinal) {
            lookAtTokens();
        }
        JobSnapshot snapshot = job.snapshot();
        JobStatus current = snapshot.status();
        Optional<String> doing = Optional.empty();
        OptionalLong idle = OptionalLong.empty();
        List<String> words = List.of();
        switch (current) {
            case QUEUED, SUBMITTED -> doing = waitsFor.apply(job).map(QueueReason::inWords);
            case STARTING, RUNNING -> {
                Sight sight = sight(now);
                doing = Optional.of(sight.doing());
                idle = sight.idleSince();
                words = sight.attention();
            }
            case DONE, FAILED, CANCELED -> {}
        }
        return new FleetRow(
                snapshot,
                Math.max(0, now - createdAt),
                idle.isPresent() ? OptionalLong.of(Math.max(0, now - idle.getAsLong())) : OptionalLong.empty(),
                doing,
                files.count(),
                tokens,
                words);
    }
}
