package dev.codexmcp.job.changes;

import dev.codexmcp.codex.Sandbox;
import dev.codexmcp.git.PathChange;
import dev.codexmcp.git.SnapshotStore;
import dev.codexmcp.git.TreeDiff;
import dev.codexmcp.git.Worktree;
import dev.codexmcp.git.Worktrees;
import dev.codexmcp.job.DaemonThreads;
import dev.codexmcp.job.Job;
import dev.codexmcp.job.JobListener;
import dev.codexmcp.job.JobStatus;
import dev.codexmcp.job.Workplaces;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.LoggerFactory;

/**
 * What jobs change in their working trees. Learns of the start and end of each worker that may write, and has a snapshot of
 * its tree taken beside it; neither waits for that. Thread-safe.
 */
public final class Changes implements JobListener, AutoCloseable {
    /** Each waits for git most of the time. */
    private static final int THREADS = 4;

    /** How long the first calls of a client may take. */
    private static final long START_SECONDS = 5;

    private final Snapshots snapshots;
    private final ThreadPoolExecutor threads;
    private final JobWorktrees worktrees;
    private final Map<String, TrackedJob> jobs = new ConcurrentHashMap<>();
    private final UnlistedJobs unlisted = new UnlistedJobs(jobs::remove);

    private final TrackedTrees trees;
    private final ChangeReports reports;

    public Changes(ChangeSettings settings) {
        threads = DaemonThreads.pool("changes", THREADS);
        snapshots = new Snapshots(settings, store -> threads.execute(() -> recover(store)));
        trees = new TrackedTrees(snapshots, threads);
        reports = new ChangeReports(jobs, trees, threads);
        worktrees = new JobWorktrees(
                snapshots, worktree -> trees.of(worktree.path()).begin());
        threads.setRejectedExecutionHandler((task, pool) -> {}); // after close
    }

    /** Cleans up after servers that were killed. */
    private static void recover(SnapshotStore store) {
        try {
            new Worktrees(store).recover();
        } catch (IOException e) {
            LoggerFactory.getLogger(Changes.class).debug("What killed servers have left stays", e);
        }
    }

    @Override
    public void changed(Job job, JobStatus entered) {
        unlisted.listed(job.id());
        follow(job, entered);
    }

    private void follow(Job job, JobStatus entered) {
        if (entered.ended()) {
            job.spec().place().worktree().ifPresent(worktree -> release(job, worktree));
        }
        if (job.spec().sandbox() == Sandbox.READ_ONLY) {
            return;
        }
        switch (entered) {
            case QUEUED, SUBMITTED -> {}
            case STARTING, RUNNING -> started(job);
            case DONE, FAILED, CANCELED -> {
                // A worker that exits immediately may not have been reported as running.
                if (job.snapshot().startedAt().isPresent()) {
                    long time = System.nanoTime();
                    TrackedJob known = started(job);
                    known.tree()
                            .thenAcceptAsync(tree -> tree.ended(known, time), threads)
                            .exceptionally(failure -> {
                                known.endNoted(
                                        CompletableFuture.completedFuture(null)); // nobody may wait for it forever
                                return null;
                            });
                }
            }
        }
    }

    /** Has the worktree of an ended job removed if nobody uses or needs it, after the snapshot that shows it. */
    private void release(Job job, Worktree worktree) {
        TrackedJob tracked = jobs.get(job.id());
        CompletableFuture<?> shown = tracked == null ? CompletableFuture.completedFuture(null) : tracked.shown();
        CompletableFuture<?> succeeded = job.successor()
                .<CompletableFuture<?>>map(successor -> successor)
                .orElseGet(() -> CompletableFuture.completedFuture(null));
        CompletableFuture.allOf(shown, succeeded)
                .whenCompleteAsync((done, failure) -> worktrees.ended(job, worktree), threads);
    }

    /** Sets the variables by which the watchdog knows the processes of git. Asked for when git is first needed. */
    public void mark(Supplier<Map<String, String>> variables) {
        snapshots.mark(variables);
    }

    /** Deletes what killed servers have left of their snapshots, once the start is over. Returns immediately. */
    public void cleanUp() {
        CompletableFuture.delayedExecutor(START_SECONDS, TimeUnit.SECONDS, threads)
                .execute(() -> {
                    try {
                        snapshots.cleanUp();
                    } catch (IOException e) {
                        LoggerFactory.getLogger(Changes.class).debug("What killed servers have left stays", e);
                    }
                });
    }

    /** Creates and removes the worktrees of isolated jobs. */
    public Workplaces workplaces() {
        return worktrees;
    }

    @Override
    public void unlisted(Job job, JobStatus entered) {
        follow(job, entered);
        if (entered.ended()) {
            unlisted.ended(job.id());
        }
    }

    private TrackedJob started(Job job) {
        TrackedJob known = jobs.get(job.id());
        if (known != null) {
            return known;
        }
        TrackedJob tracked = new TrackedJob(job);
        TrackedJob other = jobs.putIfAbsent(job.id(), tracked);
        if (other != null) {
            return other;
        }
        try {
            threads.execute(() -> trees.started(tracked));
        } catch (RuntimeException | Error e) { // the system refuses the thread
            tracked.tree().completeExceptionally(e);
        }
        return tracked;
    }

    @Override
    public void forgotten(Job job) {
        jobs.remove(job.id());
    }

    /**
     * What these jobs have changed in the tree in which they work. Completes on a thread of this class, once a snapshot has
     * been taken that shows it; fails with a {@link SeveralTreesException} if they work in different trees.
     *
     * @param asked at least one job
     */
    public CompletableFuture<ChangeReport> report(Collection<Job> asked) {
        return reports.of(asked);
    }

    /**
     * A piece of a patch of these changes, for {@code git apply} at the report's root.
     *
     * @param changes of the report
     * @param from 0, or the start of the next piece for the same changes
     * @param most in bytes
     */
    public CompletableFuture<TreeDiff.Page> patch(
            ChangeReport report, Collection<PathChange> changes, long from, int most) {
        return reports.patch(report, changes, from, most);
    }

    /**
     * Undoes the changes of a job, where they are still as it left them. Fails with a {@link WritersRunException} if a writer
     * runs in the tree.
     *
     * @param paths only these files and folders, relative to the root or absolute; empty: all
     * @param dryRun whether only to report what would be done
     */
    public CompletableFuture<RestoreReport> restore(Job job, Optional<List<String>> paths, boolean dryRun) {
        TrackedJob tracked = jobs.get(job.id());
        if (tracked == null) {
            return CompletableFuture.completedFuture(
                    new RestoreReport(List.of(), Map.of(), Map.of(), Optional.empty()));
        }
        return tracked.tree()
                .thenComposeAsync(
                        tree -> tree.ends()
                                .thenCompose(done -> tree.snapshotNow())
                                .thenApplyAsync(
                                        done -> {
                                            try {
                                                return tree.restore(tracked, paths, dryRun);
                                            } catch (IOException | WritersRunException e) {
                                                throw new CompletionException(e);
                                            }
                                        },
                                        threads),
                        threads);
    }

    /**
     * Brings the changes of a job's own worktree into the main tree: all, or none if there is a conflict. Fails with a {@link
     * WritersRunException} while a job works in the worktree.
     *
     * @param dryRun whether only to report what would be done
     */
    public CompletableFuture<WorktreeReport> apply(Job job, Worktree worktree, boolean dryRun) {
        return inTurn(worktree, main -> main.apply(job, worktree, dryRun));
    }

    /** Removes a job's own worktree and its branch, with everything in them. Fails as {@link #apply}. */
    public CompletableFuture<WorktreeReport> discard(Worktree worktree, boolean dryRun) {
        return inTurn(worktree, main -> {
            if (!dryRun) {
                new Worktrees(snapshots.store()).discard(worktree);
            }
            return new WorktreeReport(
                    List.of(), Map.of(), dryRun ? Optional.of(worktree) : Optional.empty(), List.of());
        });
    }

    /** What is done with a worktree, given its main tree. */
    @FunctionalInterface
    private interface WorktreeAction {
        WorktreeReport run(TrackedTree main) throws IOException;
    }

    private CompletableFuture<WorktreeReport> inTurn(Worktree worktree, WorktreeAction action) {
        return CompletableFuture.supplyAsync(
                () -> {
                    synchronized (worktrees) {
                        List<String> running = worktrees.users(worktree);
                        try {
                            if (!running.isEmpty()) {
                                throw new WritersRunException(worktree.path(), running);
                            }
                            if (!Files.isDirectory(worktree.path())) {
                                throw new IOException("The worktree " + worktree.path()
                                        + " is gone: it had no changes, or was discarded.");
                            }
                            return action.run(trees.of(worktree.mainRoot()));
                        } catch (IOException | WritersRunException e) {
                            throw new CompletionException(e);
                        }
                    }
                },
                threads);
    }

    /** The jobs that write what another one has written or has declared, as far as their patches and the snapshots show. */
    public Set<String> overlapping() {
        return trees.overlapping();
    }

    /**
     * The files of a job's own patches, then those that the snapshot after its end adds, once it is there. Does not wait
     * for it.
     */
    public List<String> modifiedFiles(Job job) {
        Set<String> files = new LinkedHashSet<>(job.output().changedFiles());
        TrackedJob tracked = jobs.get(job.id());
        if (tracked != null) {
            tracked.added().forEach(file -> files.add(file.toString()));
        }
        return List.copyOf(files);
    }

    /** Deletes all snapshots; what is asked for later fails. */
    @Override
    public void close() {
        threads.shutdownNow();
        snapshots.close();
    }
}
