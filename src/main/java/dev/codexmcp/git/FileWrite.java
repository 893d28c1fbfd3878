package dev.codexmcp.git;

import dev.codexmcp.git.GitException.Problem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Writes several files of a working tree, all or none. The new and the current contents are first copied into a folder
 * of ours, then a journal is written there, and only then are the files moved into place one by one.
 *
 * <pre>
 *   copied ──journal written──▶ writing ──journal renamed──▶ written
 *                                  │ failed, or found by a later server
 *                                  ▼
 *                              put back
 * </pre>
 *
 * Without a journal nothing has been touched. The folder holds {@code new} and {@code old}, each laid out like the
 * tree.
 */
final class FileWrite {
    static final String JOURNAL = "journal";
    static final String WRITTEN = "written";

    private final Path folder;
    private final Path root;
    /** Numbered. */
    private final Map<RepoPath, Integer> paths = new LinkedHashMap<>();

    private final Consumer<String> steps;

    private FileWrite(Path folder, Path root, List<RepoPath> paths, Consumer<String> steps) {
        this.folder = folder;
        this.root = root;
        paths.forEach(path -> this.paths.put(path, this.paths.size()));
        this.steps = steps;
    }

    /**
     * Writes all changes or none.
     *
     * @param now the current snapshot of the tree, from which the changes start
     * @param name the prefix of the folder's name
     * @return the folder, with copies of the previous files in {@code old}
     */
    static Path run(
            SnapshotStore store,
            Repository repository,
            Snapshot now,
            Collection<PathChange> changes,
            String name,
            Consumer<String> steps)
            throws IOException {
        Path folder = OwnedFolder.create(journals(store.state()), name);
        try {
            FileWrite write = prepare(store.shadow(repository), folder, changes, steps);
            // So that the copies are those that the changes start from.
            store.requireUnchanged(repository, now, changes);
            write.write();
        } catch (IOException | RuntimeException e) {
            Folders.delete(folder);
            throw e;
        }
        return folder;
    }

    static Path journals(Path state) {
        return state.resolve("writes");
    }

    /**
     * Prepares the files to be written. Does not touch the tree.
     *
     * @param folder a new folder of this server
     * @param changes from the current to the new content; no submodules
     * @param steps is notified before each step
     */
    static FileWrite prepare(
            ShadowRepository shadow, Path folder, Collection<PathChange> changes, Consumer<String> steps)
            throws IOException {
        Path root = shadow.repository().root();
        List<RepoPath> paths = new ArrayList<>();
        ByteArrayOutputStream entries = new ByteArrayOutputStream();
        Set<RepoPath> removed = new HashSet<>();
        changes.stream().filter(change -> change.after() == null).forEach(change -> removed.add(change.path()));
        for (PathChange change : changes) {
            checkPlace(root, change.path(), removed);
            paths.add(change.path());
            Entry entry = change.after();
            if (entry != null) {
                entries.writeBytes((entry.mode() + " " + entry.id() + "\t").getBytes(StandardCharsets.US_ASCII));
                entries.writeBytes(change.path().bytes());
                entries.write(0);
            }
        }
        steps.accept("lay out");
        Path wanted = Files.createDirectories(folder.resolve("new"));
        Path index = folder.resolve("index");
        shadow.inTree(index, "update-index", "-z", "--add", "--index-info")
                .input(entries.toByteArray())
                .run();
        shadow.inTree(index, "checkout-index", "--all", "--prefix=" + wanted + "/")
                .run();
        FileWrite write = new FileWrite(folder, root, paths, steps);
        for (RepoPath path : paths) {
            steps.accept("copy");
            write.keep(path);
        }
        return write;
    }

    /** Reads a folder left by another process; it must have a journal. */
    static FileWrite read(Path folder) throws IOException {
        byte[] journal = Files.readAllBytes(folder.resolve(JOURNAL));
        List<RepoPath> parts = new GitOutput(0, journal, "").parts();
        if (parts.isEmpty()) {
            throw new IOException(folder + " has no journal");
        }
        Path root = Path.of(new String(parts.get(0).bytes(), StandardCharsets.UTF_8));
        return new FileWrite(folder, root, parts.subList(1, parts.size()), step -> {});
    }

    /** Rejects a path that leads out of the tree, into .git, or through a symbolic link. */
    static void checkPlace(Path root, RepoPath path) throws IOException {
        checkPlace(root, path, Set.of());
    }

    static void checkName(RepoPath path) throws GitException {
        if (!path.isSafe()) {
            throw new GitException(Problem.UNSAFE_PATH, path + " is outside the repository, or in .git.");
        }
    }

    /** @param removed the paths that are removed before this one is written */
    private static void checkPlace(Path root, RepoPath path, Set<RepoPath> removed) throws IOException {
        checkName(path);
        for (RepoPath at = path.parent(); at != null; at = at.parent()) {
            if (Files.isSymbolicLink(at.under(root)) && !removed.contains(at)) {
                throw new GitException(Problem.UNSAFE_PATH, path + " is behind a symbolic link: " + at + ".");
            }
        }
    }

    private void keep(RepoPath path) throws IOException {
        Path source = path.under(root);
        // Nothing exists below a file: a folder can replace the file only once it is gone.
        if (parentsAreFolders(path) && FileCopy.isThere(source)) {
            Path copy = path.under(folder.resolve("old"));
            Files.createDirectories(copy.getParent());
            FileCopy.copy(source, copy);
            FileCopy.takeAccess(copy, path.under(folder.resolve("new")));
        }
    }

    private boolean parentsAreFolders(RepoPath path) {
        for (RepoPath at = path.parent(); at != null; at = at.parent()) {
            if (!Files.isDirectory(at.under(root), LinkOption.NOFOLLOW_LINKS)) {
                return false;
            }
        }
        return true;
    }

    /** Writes all files. If that fails nothing has changed, except files that someone else has changed meanwhile. */
    void write() throws IOException {
        ByteArrayOutputStream journal = new ByteArrayOutputStream();
        journal.writeBytes(root.toString().getBytes(StandardCharsets.UTF_8));
        journal.write(0);
        for (RepoPath path : paths.keySet()) {
            journal.writeBytes(path.bytes());
            journal.write(0);
        }
        steps.accept("journal");
        DurableFile.write(folder.resolve(JOURNAL), journal.toByteArray());
        try {
            place(folder.resolve("old"), folder.resolve("new"));
        } catch (IOException | RuntimeException e) {
            putBack();
            throw e;
        }
        steps.accept("done");
        Files.move(folder.resolve(JOURNAL), folder.resolve(WRITTEN));
    }

    /**
     * Restores all files.
     *
     * @return the files left alone because they are neither in their old nor in their new state
     */
    List<RepoPath> putBack() throws IOException {
        List<RepoPath> foreign = place(folder.resolve("new"), folder.resolve("old"));
        Files.deleteIfExists(folder.resolve(JOURNAL));
        return foreign;
    }

    /** Removes what is only in {@code from}, to make room, then moves everything in {@code to} into place. */
    private List<RepoPath> place(Path from, Path to) throws IOException {
        List<RepoPath> foreign = new ArrayList<>();
        for (RepoPath path : paths.keySet()) {
            Files.deleteIfExists(staged(path));
            if (!FileCopy.isThere(path.under(to)) && FileCopy.isThere(path.under(from))) {
                checkPlace(root, path);
                if (FileCopy.same(path.under(root), path.under(from))) {
                    steps.accept("remove");
                    remove(path);
                    removeEmptyFolders(path);
                } else if (FileCopy.exists(path.under(root))) {
                    foreign.add(path);
                } else {
                    removeEmptyFolders(path);
                }
            }
        }
        for (RepoPath path : paths.keySet()) {
            Path target = path.under(root);
            if (!FileCopy.isThere(path.under(to)) || FileCopy.same(target, path.under(to))) {
                continue;
            }
            checkPlace(root, path);
            boolean asExpected = FileCopy.isThere(path.under(from))
                    ? FileCopy.same(target, path.under(from)) || !FileCopy.exists(target)
                    : !FileCopy.exists(target);
            if (!asExpected) {
                foreign.add(path);
                continue;
            }
            steps.accept("place");
            try (TreeFolder parent = TreeFolder.create(root, path.parent(), staged(path));
                    TreeFolder top = TreeFolder.create(root, null, staged(path))) {
                FileCopy.copy(path.under(to), staged(path));
                steps.accept("move");
                parent.take(top, staged(path).getFileName(), target.getFileName());
            }
        }
        if (!foreign.isEmpty() && to.endsWith("new")) {
            throw new GitException(Problem.FAILED, "Someone else has just changed these files: " + foreign);
        }
        return foreign;
    }

    /** The temporary file, in the root, that is then moved into place. */
    private Path staged(RepoPath path) {
        return root.resolve(".codex-mcp-" + folder.getFileName() + "-" + paths.get(path));
    }

    private void remove(RepoPath path) throws IOException {
        Optional<TreeFolder> parent = TreeFolder.find(root, path.parent());
        if (parent.isPresent()) {
            try (TreeFolder in = parent.get()) {
                in.delete(path.under(root).getFileName());
            }
        }
    }

    private void removeEmptyFolders(RepoPath path) throws IOException {
        for (RepoPath at = path.parent(); at != null; at = at.parent()) {
            Path above = at.under(root);
            if (FileCopy.exists(above) && !Files.isDirectory(above, LinkOption.NOFOLLOW_LINKS)) {
                return;
            }
            Optional<TreeFolder> parent = TreeFolder.find(root, at.parent());
            if (parent.isPresent()) {
                try (TreeFolder in = parent.get()) {
                    if (!in.deleteIfEmpty(above.getFileName())) {
                        return;
                    }
                }
            }
        }
    }

    Path root() {
        return root;
    }
}
