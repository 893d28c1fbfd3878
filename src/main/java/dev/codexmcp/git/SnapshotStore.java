package dev.codexmcp.git;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.LoggerFactory;

/**
 * Takes snapshots of working trees, and keeps them until closed. Everything is in a folder of its own, which only the
 * user may enter; repositories are only read. The next store, or {@link #clean}, deletes the folder of a store whose process has died.
 * Thread-safe; snapshots of one tree are taken one at a time.
 */
public final class SnapshotStore implements AutoCloseable {
    /** Untracked files longer than this, in bytes, are not stored. */
    public static final long LARGEST_UNTRACKED = 10_000_000;

    /** At most this many bytes of untracked files are stored in total. */
    public static final long MOST_UNTRACKED = 500_000_000;

    private static final String LOCK = "lock";

    /** Held while a folder is created or those of others are deleted, so that one just being created is not mistaken for left. */
    private static final String MAKING = ".making";

    private final GitProgram program;
    private final Path state;
    private final Path folder;
    private final FileChannel lock;
    private final Map<Path, WorkingTree> trees = new HashMap<>();

    /** Where the new objects of each repository are, by its common folder. */
    private final Map<Path, Path> objects = new HashMap<>();

    private boolean closed;

    /**
     * Opens a store with the git on PATH.
     *
     * @param environment the server's own
     * @param state the server's own folder, created if missing and excluded from every snapshot
     */
    public static SnapshotStore open(Map<String, String> environment, Path state) throws IOException {
        Path all = scratch(GitProgram.makePrivate(state).toRealPath());
        deleteAbandoned(all);
        Path scratch = OwnedFolder.create(all, "git");
        try {
            return new SnapshotStore(GitProgram.find(environment, scratch), state);
        } catch (IOException | RuntimeException e) {
            Folders.delete(scratch);
            throw e;
        }
    }

    /** Deletes what killed servers have left of their snapshots. Needs no git; creates nothing if they have left nothing. */
    public static void clean(Path state) throws IOException {
        deleteAbandoned(scratch(state));
        if (!left(state).isEmpty()) {
            Path snapshots = snapshots(state);
            synchronized (SnapshotStore.class) {
                try (FileChannel making = open(snapshots.resolve(MAKING))) {
                    making.lock();
                    for (Path stale : left(state)) {
                        Folders.delete(stale);
                    }
                }
            }
        }
    }

    /** The folders that killed servers have left. Changes nothing. */
    public static List<Path> left(Path state) throws IOException {
        List<Path> left = new ArrayList<>();
        if (Files.isDirectory(snapshots(state))) {
            String own = ServerIdentity.ofThisProcess().prefix();
            try (DirectoryStream<Path> folders = Files.newDirectoryStream(snapshots(state), Files::isDirectory)) {
                for (Path folder : folders) {
                    // Opening and closing the lock file of another store in this process would release its lock.
                    if (!folder.getFileName().toString().startsWith(own) && isStale(folder.resolve(LOCK))) {
                        left.add(folder);
                    }
                }
            }
        }
        return left;
    }

    private static void deleteAbandoned(Path scratch) throws IOException {
        for (Path abandoned : OwnedFolder.abandoned(scratch)) {
            Folders.delete(abandoned);
        }
    }

    private static Path scratch(Path state) {
        return state.resolve("scratch");
    }

    private static Path snapshots(Path state) {
        return state.resolve("snapshots");
    }

    /** @param state the server's own folder, created if missing and excluded from every snapshot */
    public SnapshotStore(GitProgram program, Path state) throws IOException {
        this.program = program;
        this.state = GitProgram.makePrivate(state).toRealPath();
        Path snapshots = GitProgram.makePrivate(snapshots(this.state));
        String owner = ServerIdentity.ofThisProcess().prefix();
        synchronized (SnapshotStore.class) {
            try (FileChannel making = open(snapshots.resolve(MAKING))) {
                making.lock();
                for (Path stale : left(this.state)) {
                    Folders.delete(stale);
                }
                folder = GitProgram.makePrivate(Files.createTempDirectory(snapshots, owner));
                lock = open(folder.resolve(LOCK));
                lock.lock();
            }
        }
    }

    private static FileChannel open(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    /**
     * Takes a snapshot of the working tree. Costs about as much as {@code git status}, plus hashing what has changed.
     *
     * @throws GitException if git fails; {@link GitException.Problem#TIMED_OUT} also if reading a file never ends, such
     *     as a pipe in place of a {@code .gitignore}
     */
    public Snapshot take(Repository repository) throws IOException {
        return tree(repository).take(LARGEST_UNTRACKED, MOST_UNTRACKED);
    }

    /** As {@link #take(Repository)}, with other limits for untracked files. */
    Snapshot take(Repository repository, long largest, long most) throws IOException {
        return tree(repository).take(largest, most);
    }

    /** Throws if any of these paths has changed since the snapshot. */
    void requireUnchanged(Repository repository, Snapshot snapshot, Collection<PathChange> paths) throws IOException {
        Set<RepoPath> asked = new HashSet<>();
        paths.forEach(change -> asked.add(change.path()));
        for (PathChange change :
                diff(repository).changes(snapshot.tree(), take(repository).tree())) {
            if (asked.contains(change.path())) {
                throw new GitException(
                        GitException.Problem.FAILED, change.path() + " has just been changed by someone else.");
            }
        }
    }

    /** What changed between snapshots of this repository. */
    public TreeDiff diff(Repository repository) throws IOException {
        return new TreeDiff(shadow(repository));
    }

    /** The repository that holds the objects of the repository's snapshots. */
    ShadowRepository shadow(Repository repository) throws IOException {
        return tree(repository).shadow();
    }

    GitProgram program() {
        return program;
    }

    /** The folder that is never part of a snapshot. */
    Path state() {
        return state;
    }

    private synchronized WorkingTree tree(Repository repository) throws IOException {
        if (closed) {
            throw new IOException("The snapshots are closed: the server is shutting down.");
        }
        WorkingTree tree = trees.get(repository.root());
        if (tree == null || !tree.shadow().repository().equals(repository)) {
            Path own = Files.createTempDirectory(folder, "git-");
            tree = new WorkingTree(new ShadowRepository(program, repository, own, objects(repository), state));
            trees.put(repository.root(), tree);
        }
        return tree;
    }

    /** Frees what is kept for a deleted working tree; its snapshots can still be compared with others. */
    synchronized void forget(Path root) throws IOException {
        WorkingTree tree = trees.remove(root);
        if (tree != null) {
            Folders.delete(tree.shadow().folder());
        }
    }

    /** Working trees of one repository share new objects, so that a snapshot of one can be compared with that of another. */
    private Path objects(Repository repository) throws IOException {
        Path known = objects.get(repository.commonDir());
        if (known == null) {
            known = Files.createTempDirectory(folder, "objects-");
            objects.put(repository.commonDir(), known);
        }
        return known;
    }

    private static boolean isStale(Path file) throws IOException {
        if (!Files.exists(file)) {
            return true;
        }
        try (FileChannel channel = open(file);
                FileLock lock = channel.tryLock()) {
            return lock != null;
        }
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            program.close();
            Folders.deleteBusy(folder);
            lock.close();
            Folders.deleteBusy(program.scratch());
        } catch (IOException e) {
            LoggerFactory.getLogger(SnapshotStore.class).debug("Failed to delete the snapshots in {}", folder, e);
        }
    }
}
