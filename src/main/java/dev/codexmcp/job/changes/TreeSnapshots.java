package dev.codexmcp.job.changes;

import dev.codexmcp.git.ChangeLedger;
import dev.codexmcp.git.FileErrors;
import dev.codexmcp.git.PathChange;
import dev.codexmcp.git.Repository;
import dev.codexmcp.git.Snapshot;
import dev.codexmcp.git.SnapshotStore;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Takes the snapshots of one tree and adds them to its ledger. Outside a repository there are none. Thread-safe. */
final class TreeSnapshots {
    private static final CompletableFuture<Void> NONE = CompletableFuture.completedFuture(null);

    private final Optional<Repository> repository;
    private final Snapshots snapshots;
    private final ChangeLedger ledger;
    private final Runnable readReports;
    private final SnapshotQueue queue;

    /** Used while a snapshot is taken, by one thread at a time. */
    private @Nullable Snapshot last;

    /** Why the last snapshot failed; null if it did not. */
    private volatile @Nullable String problem;

    private volatile List<String> remarks = List.of();

    /** @param readReports passes on to the ledger what the running workers have reported */
    TreeSnapshots(
            Optional<Repository> repository,
            Snapshots snapshots,
            ChangeLedger ledger,
            Runnable readReports,
            Executor threads) {
        this.repository = repository;
        this.snapshots = snapshots;
        this.ledger = ledger;
        this.readReports = readReports;
        this.queue = new SnapshotQueue(threads, this::tryTake);
    }

    private boolean areTaken() {
        return repository.isPresent() && snapshots.off().isEmpty();
    }

    /** Completes once a snapshot is in the ledger that began after this call, or could not be taken. */
    CompletableFuture<Void> ask() {
        return areTaken() ? queue.ask() : NONE;
    }

    /** As {@link #ask}, for a caller that waits. */
    CompletableFuture<Void> askNow() {
        return areTaken() ? queue.askNow() : NONE;
    }

    /** The same, done when this returns. Takes the snapshot on this thread: all others may be waiting for this one. */
    void takeHere() {
        if (areTaken()) {
            queue.takeHere();
        }
    }

    /** As {@link #takeHere}. Returns when the last snapshot began, by {@link System#nanoTime}; empty if none could be taken. */
    OptionalLong beginHere() {
        takeHere();
        Snapshot taken = last;
        return taken == null ? OptionalLong.empty() : OptionalLong.of(taken.began());
    }

    private void tryTake() {
        try {
            take();
            problem = null;
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            problem = FileErrors.sentence(e);
        }
    }

    private void take() throws IOException {
        SnapshotStore store = snapshots.store();
        Repository tree = repository.orElseThrow();
        readReports.run();
        Snapshot before = last;
        Snapshot now = store.take(tree);
        readReports.run();
        List<PathChange> changes = before == null ? List.of() : store.diff(tree).changes(before, now);
        ledger.snapshot(now.began(), now.ended(), changes);
        last = now;
        remarks = Remarks.of(now);
    }

    /** Whether the last one could be taken. */
    boolean areCurrent() {
        return problem == null;
    }

    /** Why there are none, or why the last is missing; empty if all is well. */
    Optional<String> obstacle() {
        if (repository.isEmpty()) {
            return Optional.of(Remarks.NO_REPOSITORY);
        }
        return snapshots
                .off()
                .map(Remarks::off)
                .or(() -> Optional.ofNullable(problem).map(Remarks::failed));
    }

    /** What the last one could not show. */
    List<String> remarks() {
        return remarks;
    }
}
