package dev.codexmcp.job.changes;

import dev.codexmcp.git.AttributedFile;
import dev.codexmcp.git.Attribution;
import dev.codexmcp.git.ChangeLedger;
import dev.codexmcp.git.ChangeLedger.Overlap;
import dev.codexmcp.git.GitException;
import dev.codexmcp.git.PathChange;
import dev.codexmcp.git.PathPattern;
import dev.codexmcp.git.RepoPath;
import dev.codexmcp.git.Repository;
import dev.codexmcp.git.SnapshotStore;
import dev.codexmcp.git.TreeDiff;
import dev.codexmcp.git.Worktree;
import dev.codexmcp.git.WorktreeApply;
import dev.codexmcp.job.Job;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * A working tree with its writers, its ledger and its snapshots, taken beside the jobs. Outside a repository there are no snapshots. Thread-safe.
 */
final class TrackedTree {
    private final Path root;
    private final Optional<Repository> repository;
    private final Snapshots store;
    private final ChangeLedger ledger = new ChangeLedger();
    private final TreeSnapshots snapshots;

    /** Guarded by itself. */
    private final Map<String, TrackedJob> running = new LinkedHashMap<>();

    /** When the first snapshot of a tree began that waits for its first job. Guarded by {@link #running}. */
    private OptionalLong begun = OptionalLong.empty();

    /** Held while files are put back: one job's at a time. */
    private final Object restoring = new Object();

    /** The overlapping jobs at a version of the ledger. */
    private record Overlapping(long version, Set<String> jobs) {}

    private volatile Overlapping overlapping = new Overlapping(-1, Set.of());

    TrackedTree(Path root, Optional<Repository> repository, Snapshots store, Executor threads) {
        this.root = root;
        this.repository = repository;
        this.store = store;
        this.snapshots = new TreeSnapshots(repository, store, ledger, this::readReports, threads);
    }

    Path root() {
        return root;
    }

    Optional<Repository> repository() {
        return repository;
    }

    ChangeLedger ledger() {
        return ledger;
    }

    /** Takes the first snapshot of a tree that nobody knows before its first job: it shows what that has not changed. */
    void begin() {
        OptionalLong first = snapshots.beginHere();
        synchronized (running) {
            begun = first;
        }
    }

    /** A writer has started. */
    void started(TrackedJob job, Collection<PathPattern> writes) {
        long time;
        synchronized (running) {
            time = begun.orElse(job.started());
            begun = OptionalLong.empty();
        }
        ledger.started(job.id(), time, writes); // before its reports
        synchronized (running) {
            running.put(job.id(), job);
        }
        snapshots.ask();
    }

    /**
     * A writer has ended.
     *
     * @param time when, by {@link System#nanoTime}
     */
    void ended(TrackedJob job, long time) {
        job.report(ledger, root);
        ledger.ended(job.id(), time);
        synchronized (running) {
            running.remove(job.id());
        }
        CompletableFuture<Void> shown = snapshots.ask();
        job.endNoted(shown);
        shown.thenRun(() -> {
            if (snapshots.areCurrent()) {
                job.settle(addedTo(job));
            }
        });
    }

    private List<Path> addedTo(TrackedJob job) {
        List<Path> added = new ArrayList<>();
        for (Attribution change : ledger.changes(job.id())) {
            if (change.by() == Attribution.By.COMMAND) {
                added.add(change.path().under(root));
            }
        }
        return added;
    }

    private List<TrackedJob> running() {
        synchronized (running) {
            return List.copyOf(running.values());
        }
    }

    /** The writers that run now. */
    List<String> writers() {
        return running().stream()
                .filter(job -> !job.job().ended())
                .map(TrackedJob::id)
                .toList();
    }

    /** Completes when every end so far is in the ledger. */
    CompletableFuture<Void> ends() {
        return CompletableFuture.allOf(
                running().stream().map(TrackedJob::endIfOver).toArray(CompletableFuture<?>[]::new));
    }

    /** Completes once a snapshot is in the ledger that began after this call, or could not be taken. For a caller that waits. */
    CompletableFuture<Void> snapshotNow() {
        return snapshots.askNow();
    }

    /** Passes on to the ledger what the running workers have reported. */
    private void readReports() {
        running().forEach(job -> job.report(ledger, root));
    }

    /** What these jobs have changed, as far as the snapshots show it. */
    ChangeReport report(Collection<TrackedJob> jobs) throws IOException {
        readReports();
        Set<String> ids = new HashSet<>();
        jobs.forEach(job -> ids.add(job.id()));
        List<Attribution> attributions = ledger.changes(ids);
        List<PathChange> changes = attributions.stream()
                .map(Attribution::change)
                .filter(Objects::nonNull)
                .toList();
        List<AttributedFile> files =
                changes.isEmpty() ? AttributedFile.of(attributions) : AttributedFile.of(diff(), attributions);
        List<Overlap> overlaps = ledger.overlaps().stream()
                .filter(overlap -> overlap.jobs().stream().anyMatch(ids::contains))
                .toList();
        return new ChangeReport(root, files, changes, overlaps, notes(jobs));
    }

    private List<String> notes(Collection<TrackedJob> jobs) {
        List<String> notes = new ArrayList<>();
        snapshots.obstacle().ifPresent(notes::add);
        if (notes.isEmpty()) {
            jobs.stream()
                    .filter(job -> !ledger.hasBaseline(job.id()))
                    .forEach(job -> notes.add(Remarks.late(job.id())));
            notes.addAll(snapshots.remarks());
        }
        List<String> outside =
                jobs.stream().flatMap(job -> job.outside().stream()).distinct().toList();
        if (!outside.isEmpty()) {
            notes.add(Remarks.outside(outside));
        }
        return notes;
    }

    /** Undoes the changes of a job; the last snapshot must be from after its end. */
    RestoreReport restore(TrackedJob job, Optional<List<String>> paths, boolean dryRun)
            throws IOException, WritersRunException {
        if (repository.isEmpty() || store.off().isPresent()) {
            throw new IOException((repository.isEmpty()
                            ? root + " is not a git repository"
                            : store.off().get()) + ", so it is not known what the files were before the job.");
        }
        List<RepoPath> wanted = new ArrayList<>();
        for (String path : paths.orElse(List.of())) {
            wanted.add(RepoPath.given(root, path)
                    .orElseThrow(() -> new GitException(
                            GitException.Problem.UNSAFE_PATH,
                            "\"paths\" names \"" + path + "\", which is outside " + root + ".")));
        }
        synchronized (restoring) {
            List<String> writers = writers();
            if (!writers.isEmpty()) {
                throw new WritersRunException(root, writers);
            }
            RestoreReport report = new JobRestore(ledger, job)
                    .run(
                            store.store(),
                            repository.get(),
                            paths.isPresent() && !wanted.contains(RepoPath.ROOT)
                                    ? Optional.of(wanted)
                                    : Optional.empty(),
                            dryRun);
            if (!dryRun) {
                snapshots.ask();
            }
            return report;
        }
    }

    /** Applies a worktree to this tree, its main one. */
    WorktreeReport apply(Job job, Worktree worktree, boolean dryRun) throws IOException {
        Repository main = repository.orElseThrow(() -> new IOException(root + " is not a git repository any more."));
        SnapshotStore opened = store.store();
        synchronized (restoring) {
            snapshots.takeHere();
            long began = System.nanoTime();
            WorktreeApply.Result result = new WorktreeApply(opened).apply(worktree, main, dryRun);
            Map<RepoPath, Set<String>> conflicts = new LinkedHashMap<>();
            result.conflicts().forEach(path -> conflicts.put(path, ledger.changers(path)));
            if (!dryRun && !result.applied().isEmpty()) {
                ledger.applied(job.id(), began, System.nanoTime(), result.applied());
                snapshots.ask();
            }
            return new WorktreeReport(
                    result.applied(), conflicts, Optional.of(worktree), Remarks.unreadable(result.omitted()));
        }
    }

    /** Differences between snapshots of this tree. */
    TreeDiff diff() throws IOException {
        return store.store()
                .diff(repository.orElseThrow(() -> new IllegalStateException(root + " is not a repository")));
    }

    /** The jobs of a path that two jobs have changed while both ran, or that one has declared and another changed. */
    Set<String> overlapping() {
        if (running().isEmpty()) {
            return Set.of();
        }
        readReports();
        long version = ledger.version();
        Overlapping known = overlapping;
        if (known.version() != version) {
            Set<String> jobs = new HashSet<>();
            ledger.overlaps().forEach(overlap -> jobs.addAll(ledger.besideEachOther(overlap.jobs())));
            known = new Overlapping(version, Set.copyOf(jobs));
            overlapping = known;
        }
        return known.jobs();
    }
}
