package dev.codexmcp.git;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Restores files to their state before a job, if they are still as the job left them. Files that can't be restored are
 * excluded before anything is written; the others are written all or none. Must not be used while a writer runs in the
 * tree.
 */
public final class Restore {
    private final SnapshotStore store;
    private final Consumer<String> steps;

    public Restore(SnapshotStore store) {
        this(store, step -> {});
    }

    Restore(SnapshotStore store, Consumer<String> steps) {
        this.store = store;
        this.steps = steps;
    }

    /**
     * What was done, or would be done.
     *
     * @param restored the paths restored to their state before the job
     * @param kept the paths left alone, and why
     * @param copies the folder with copies of the replaced files, laid out like the tree; null if nothing was written
     */
    public record Result(
            List<RepoPath> restored,
            Map<RepoPath, String> kept,
            @Nullable Path copies) {
        public Result {
            restored = List.copyOf(restored);
            kept = Map.copyOf(kept);
        }
    }

    /**
     * Restores the files, or reports what would be restored.
     *
     * @param changes the job's changes, from the state to restore to what the job left
     * @param dryRun whether only to report what would be done
     */
    public Result restore(Repository repository, Collection<PathChange> changes, boolean dryRun) throws IOException {
        Snapshot now = store.take(repository);
        Set<RepoPath> paths = new HashSet<>();
        changes.forEach(change -> paths.add(change.path()));
        Map<RepoPath, Entry> present = store.diff(repository).entries(now.tree(), paths);
        Set<RepoPath> filtered = filtered(repository, changes);
        Map<RepoPath, String> kept = new LinkedHashMap<>();
        List<PathChange> wanted = new ArrayList<>();
        for (PathChange change : changes) {
            String reason = reason(repository, change, now, present.get(change.path()), filtered);
            if (reason == null) {
                wanted.add(change.reversed());
            } else {
                kept.put(change.path(), reason);
            }
        }
        List<RepoPath> restored = wanted.stream().map(PathChange::path).toList();
        if (dryRun || wanted.isEmpty()) {
            return new Result(restored, kept, null);
        }
        return new Result(restored, kept, write(repository, wanted, now));
    }

    private static @Nullable String reason(
            Repository repository, PathChange change, Snapshot now, @Nullable Entry present, Set<RepoPath> filtered) {
        RepoPath path = change.path();
        Entry before = change.before();
        Entry after = change.after();
        try {
            FileWrite.checkPlace(repository.root(), path);
        } catch (IOException e) {
            return e.getMessage();
        }
        if (now.omitted().containsKey(path)) {
            return "its current content was not stored";
        }
        if (Objects.equals(present, before)) {
            return "it is already as before";
        }
        if (!Objects.equals(present, after)) {
            return "it has changed since";
        }
        if ((before != null && before.isSubmodule()) || (after != null && after.isSubmodule())) {
            return "it is a submodule";
        }
        return filtered.contains(path) ? "its content goes through a filter, and filters are not run" : null;
    }

    /** The paths with a filter attribute: a tree's content for them may differ from the file's. */
    private Set<RepoPath> filtered(Repository repository, Collection<PathChange> changes) throws IOException {
        ByteArrayOutputStream input = new ByteArrayOutputStream();
        for (PathChange change : changes) {
            if (change.path().isSafe()) {
                input.writeBytes(change.path().bytes());
                input.write(0);
            }
        }
        ShadowRepository shadow = store.shadow(repository);
        List<RepoPath> parts = shadow.inTree(shadow.folder().resolve("index"), "check-attr", "-z", "--stdin", "filter")
                .input(input.toByteArray())
                .run()
                .parts();
        Set<RepoPath> filtered = new HashSet<>();
        for (int i = 0; i + 2 < parts.size(); i += 3) {
            String value = parts.get(i + 2).text();
            if (!value.equals("unspecified") && !value.equals("unset")) {
                filtered.add(parts.get(i));
            }
        }
        return filtered;
    }

    private Path write(Repository repository, List<PathChange> wanted, Snapshot now) throws IOException {
        Path folder = FileWrite.run(store, repository, now, wanted, "restore", steps);
        Path kept = GitProgram.makePrivate(KeptCopies.folder(store.state())).resolve(folder.getFileName());
        Files.move(folder, kept);
        Folders.delete(kept.resolve("new"));
        Files.deleteIfExists(kept.resolve("index"));
        return kept.resolve("old");
    }
}
