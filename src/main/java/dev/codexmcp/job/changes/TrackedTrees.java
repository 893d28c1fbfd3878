package dev.codexmcp.job.changes;

import dev.codexmcp.git.PathPattern;
import dev.codexmcp.git.RepoPath;
import dev.codexmcp.git.Repository;
import dev.codexmcp.job.Claim;
import dev.codexmcp.job.Place;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The working trees in which jobs write, by their roots. Thread-safe. */
final class TrackedTrees {
    private final Snapshots snapshots;
    private final Executor threads;

    /** Guarded by itself. */
    private final Map<Path, TrackedTree> trees = new HashMap<>();

    TrackedTrees(Snapshots snapshots, Executor threads) {
        this.snapshots = snapshots;
        this.threads = threads;
    }

    /** The tree of a directory; the directory alone if it is in no repository. Reads the disk. */
    TrackedTree of(Path directory) {
        Path real = directory;
        Optional<Repository> repository = Optional.empty();
        try {
            real = directory.toRealPath();
            repository = Repository.find(real);
        } catch (IOException e) {
            // The worker can't work there either.
        }
        Path root = repository.map(Repository::root).orElse(real);
        synchronized (trees) {
            TrackedTree known = trees.get(root);
            if (known == null || !known.repository().equals(repository)) {
                known = new TrackedTree(root, repository, snapshots, threads);
                trees.put(root, known);
            }
            return known;
        }
    }

    /** The tree with this root; null if no job has written there. */
    @Nullable
    TrackedTree get(Path root) {
        synchronized (trees) {
            return trees.get(root);
        }
    }

    /** Notes that a job writes in the tree of its directory, and completes {@link TrackedJob#tree}, whatever fails. */
    void started(TrackedJob job) {
        try {
            TrackedTree tree = of(job.directory());
            tree.started(job, patterns(tree.root(), job.job().spec().place()));
            job.tree().complete(tree);
        } catch (RuntimeException | Error e) {
            job.tree().completeExceptionally(e);
        }
    }

    private static List<PathPattern> patterns(Path root, Place place) {
        List<PathPattern> patterns = new ArrayList<>();
        for (Claim claim : place.isolated() ? List.<Claim>of() : place.writes()) {
            if (claim.path().equals(root)) {
                patterns.add(PathPattern.EVERYTHING);
            } else {
                RepoPath.within(root, root, claim.path().toString())
                        .ifPresent(path -> patterns.add(new PathPattern(path, claim.below())));
            }
        }
        return patterns;
    }

    /** The jobs that write what another one has written or has declared. */
    Set<String> overlapping() {
        List<TrackedTree> all;
        synchronized (trees) {
            all = List.copyOf(trees.values());
        }
        Set<String> overlapping = new HashSet<>();
        all.forEach(tree -> overlapping.addAll(tree.overlapping()));
        return overlapping;
    }
}
