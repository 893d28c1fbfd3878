package dev.codexmcp.job.changes;

import dev.codexmcp.codex.Sandbox;
import dev.codexmcp.git.PathChange;
import dev.codexmcp.git.TreeDiff;
import dev.codexmcp.job.Job;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/** Reports what jobs have changed, as far as snapshots show it. Thread-safe. */
final class ChangeReports {
    private final Map<String, TrackedJob> jobs;
    private final TrackedTrees trees;
    private final Executor threads;

    /** @param jobs those that may write, by their ids */
    ChangeReports(Map<String, TrackedJob> jobs, TrackedTrees trees, Executor threads) {
        this.jobs = jobs;
        this.trees = trees;
        this.threads = threads;
    }

    /** As {@link Changes#report}. */
    CompletableFuture<ChangeReport> of(Collection<Job> asked) {
        List<TrackedJob> writers = new ArrayList<>();
        for (Job job : asked) {
            TrackedJob tracked = jobs.get(job.id());
            if (tracked != null) {
                writers.add(tracked);
            }
        }
        if (writers.isEmpty()) {
            return CompletableFuture.completedFuture(nothing(asked.iterator().next()));
        }
        CompletableFuture<?>[] placed = writers.stream()
                .map(job -> job.tree().thenCompose(tree -> job.endIfOver()))
                .toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(placed).thenComposeAsync(done -> report(oneTree(writers), writers), threads);
    }

    private static ChangeReport nothing(Job job) {
        String why = job.spec().sandbox() == Sandbox.READ_ONLY ? Remarks.READ_ONLY : Remarks.NOT_STARTED;
        Path directory =
                Path.of(job.spec().options().workingDirectory().orElse("")).toAbsolutePath();
        return new ChangeReport(directory, List.of(), List.of(), List.of(), List.of(why));
    }

    private static TrackedTree oneTree(List<TrackedJob> writers) {
        Set<TrackedTree> used = new LinkedHashSet<>();
        writers.forEach(job -> used.add(job.tree().join()));
        if (used.size() > 1) {
            throw new CompletionException(new SeveralTreesException(
                    used.stream().map(TrackedTree::root).toList()));
        }
        return used.iterator().next();
    }

    private CompletableFuture<ChangeReport> report(TrackedTree tree, List<TrackedJob> writers) {
        boolean settled = writers.stream().allMatch(TrackedJob::settled);
        CompletableFuture<?> shown = settled ? CompletableFuture.completedFuture(null) : tree.snapshotNow();
        return shown.thenApplyAsync(
                done -> {
                    try {
                        return tree.report(writers);
                    } catch (IOException e) {
                        throw new CompletionException(e);
                    }
                },
                threads);
    }

    /** As {@link Changes#patch}. */
    CompletableFuture<TreeDiff.Page> patch(ChangeReport report, Collection<PathChange> changes, long from, int most) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        TrackedTree tree = trees.get(report.root());
                        return tree == null || changes.isEmpty()
                                ? new TreeDiff.Page(new byte[0], -1)
                                : tree.diff().patch(changes, from, most);
                    } catch (IOException e) {
                        throw new CompletionException(e);
                    }
                },
                threads);
    }
}
