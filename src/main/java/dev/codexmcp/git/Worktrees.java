package dev.codexmcp.git;

import dev.codexmcp.git.GitException.Problem;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Creates and removes git worktrees for jobs, and recovers them after a crash. They are in the server's own folder,
 * never in the repository. Each has a record there, written before git runs and deleted last, so the next server finds
 * whatever a killed one leaves.
 */
public final class Worktrees {
    /** The first version that can merge trees without touching files. */
    static final GitProgram.Version NEEDED = new GitProgram.Version(2, 38);

    private static final String READY = "ready";
    private static final String DISCARDED = "discarded";
    private static final int LONGEST_LABEL = 40;

    private final SnapshotStore store;
    private final Consumer<String> steps;

    public Worktrees(SnapshotStore store) {
        this(store, step -> {});
    }

    /** @param steps is notified before each step */
    Worktrees(SnapshotStore store, Consumer<String> steps) {
        this.store = store;
        this.steps = steps;
    }

    /** A worktree whose server is dead. */
    public record Left(Worktree worktree, State state) {}

    /** The state of a worktree. */
    public enum State {
        /** The server died while creating it. No worker has used it. */
        UNFINISHED,
        /** Unchanged: it can be removed without loss. */
        CLEAN,
        /** It has changes or commits. */
        CHANGED,
        /** The server died while discarding it at the user's request. */
        DISCARDED,
        /** Its repository or folder is missing or unreadable. */
        BROKEN
    }

    /**
     * Creates a worktree on a branch {@code codex/LABEL-ID}, based on HEAD, with copies of the ignored files listed in
     * {@code .worktreeinclude}. No hook or filter of the repository runs, so Git LFS files stay pointers.
     *
     * @param label any text; characters not allowed in a branch name are replaced
     * @param id the job's id
     */
    public Worktree create(Repository repository, String label, String id) throws IOException {
        store.program().require(NEEDED, "A worktree for a job");
        String base = commit(repository.root(), "HEAD")
                .orElseThrow(() -> new GitException(
                        Problem.FAILED, "A worktree needs a commit, and " + repository.root() + " has none yet."));
        String name = name(label).isEmpty() ? name(id) : name(label) + "-" + name(id);
        Path parent = worktrees(store.state());
        Worktree worktree = new Worktree(OwnedFolder.create(parent, name), repository.root(), "codex/" + name, base);
        steps.accept("record");
        try {
            worktree.write();
            fill(repository, worktree);
        } catch (IOException | RuntimeException e) {
            // A branch that existed before is not ours.
            if (e instanceof GitException git
                    && String.valueOf(git.getMessage()).contains("already exists")) {
                Folders.delete(worktree.folder());
            } else {
                remove(worktree);
            }
            throw e;
        }
        return worktree;
    }

    private void fill(Repository repository, Worktree worktree) throws IOException {
        steps.accept("add");
        String reason = "codex-mcp-server " + ServerIdentity.ofThisProcess();
        real(
                        repository.root(),
                        "worktree",
                        "add",
                        "--quiet",
                        "--no-checkout",
                        "--no-track",
                        "--lock",
                        "--reason",
                        reason,
                        "-b",
                        worktree.branch(),
                        worktree.path().toString(),
                        worktree.base())
                .run();
        steps.accept("check out");
        Repository own = repository(worktree);
        store.shadow(own)
                .inTree(own.gitDir().resolve("index"), "read-tree", "--reset", "-u", worktree.base())
                .run();
        steps.accept("include");
        WorktreeInclude.copy(store.shadow(repository), worktree.path());
        steps.accept("ready");
        DurableFile.write(worktree.folder().resolve(READY), new byte[0]);
    }

    /** Reduces a text to letters, digits, dots and dashes that are valid in a branch name. */
    static String name(String text) {
        String name = text.replaceAll("[^A-Za-z0-9_-]+", "-").replaceAll("^-+", "");
        return name.substring(0, Math.min(name.length(), LONGEST_LABEL)).replaceAll("-+$", "");
    }

    /** The worktree as a repository, for snapshots of it. */
    public Repository repository(Worktree worktree) throws IOException {
        Path root = worktree.path().toRealPath();
        return Repository.find(root)
                .filter(found -> found.root().equals(root))
                .orElseThrow(() ->
                        new GitException(Problem.NO_REPOSITORY, worktree.path() + " is no longer a working tree."));
    }

    /** Whether removing it would lose files, untracked ones included, or commits. Ignored files don't count. */
    public boolean hasChanges(Worktree worktree) throws IOException {
        if (!main(worktree.mainRoot()).commonDir().equals(repository(worktree).commonDir())) {
            return true; // a worker has put another repository there
        }
        Optional<String> head = commit(worktree.path(), "HEAD");
        Optional<String> branch = commit(worktree.mainRoot(), "refs/heads/" + worktree.branch());
        if (!head.equals(Optional.of(worktree.base())) || !branch.equals(head)) {
            return true;
        }
        Snapshot now = everything(worktree);
        return !now.omitted().isEmpty()
                || !store.diff(repository(worktree))
                        .changes(baseTree(worktree), now.tree())
                        .isEmpty();
    }

    /** A snapshot without limits: everything a job has written must be kept. */
    Snapshot everything(Worktree worktree) throws IOException {
        return store.take(repository(worktree), Long.MAX_VALUE, Long.MAX_VALUE);
    }

    String baseTree(Worktree worktree) throws IOException {
        return store.shadow(repository(worktree))
                .command("rev-parse", worktree.base() + "^{tree}")
                .run()
                .line();
    }

    /**
     * Removes the worktree if it has no changes.
     *
     * @return whether it was removed
     */
    public boolean removeIfClean(Worktree worktree) throws IOException {
        if (hasChanges(worktree)) {
            return false;
        }
        discard(worktree);
        return true;
    }

    /** Removes the worktree and its branch with everything in them. */
    public void discard(Worktree worktree) throws IOException {
        steps.accept("discard");
        DurableFile.write(worktree.folder().resolve(DISCARDED), new byte[0]);
        remove(worktree);
    }

    /** Deletes the tree before git does: git refuses if a worker has replaced the tree's {@code .git}. */
    private void remove(Worktree worktree) throws IOException {
        steps.accept("delete tree");
        Folders.delete(worktree.path());
        Path root = worktree.mainRoot();
        if (Files.isDirectory(root) && Repository.find(root).isPresent()) {
            steps.accept("remove");
            String listed = real(worktree.mainRoot(), "worktree", "list", "--porcelain", "-z")
                    .run()
                    .text();
            if (List.of(listed.split("\0", -1)).contains("worktree " + worktree.path())) {
                real(
                                worktree.mainRoot(),
                                "worktree",
                                "remove",
                                "--force",
                                "--force",
                                worktree.path().toString())
                        .run();
            }
            steps.accept("delete branch");
            real(worktree.mainRoot(), "update-ref", "-d", "refs/heads/" + worktree.branch())
                    .run();
        }
        steps.accept("delete record");
        Folders.delete(worktree.folder());
        store.forget(worktree.path());
    }

    /** The folders of worktrees that dead servers have left. Needs no git; changes nothing. */
    public static List<Path> leftFolders(Path state) throws IOException {
        return OwnedFolder.abandoned(worktrees(state));
    }

    private static Path worktrees(Path state) {
        return state.resolve("worktrees");
    }

    /** The worktrees of dead servers, sorted by name. Changes nothing. */
    public List<Left> left() throws IOException {
        List<Left> left = new ArrayList<>();
        for (Path folder : leftFolders(store.state())) {
            if (Worktree.isRecorded(folder)) {
                Worktree worktree = Worktree.read(folder);
                left.add(new Left(worktree, state(worktree)));
            }
        }
        return left;
    }

    private State state(Worktree worktree) {
        if (Files.exists(worktree.folder().resolve(DISCARDED))) {
            return State.DISCARDED;
        }
        if (!Files.exists(worktree.folder().resolve(READY))) {
            return State.UNFINISHED;
        }
        try {
            return hasChanges(worktree) ? State.CHANGED : State.CLEAN;
        } catch (IOException e) {
            return State.BROKEN;
        }
    }

    /**
     * Cleans up after dead servers: reverts what was half applied, and removes worktrees that are unchanged or were
     * being discarded. Those with changes stay, and so do unreadable ones.
     *
     * @return those that stay
     */
    public List<Left> recover() throws IOException {
        // One server at a time: another may be starting too.
        synchronized (Worktrees.class) {
            try (FileChannel lock = FileChannel.open(
                    store.state().resolve("recover.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                lock.lock();
                return recoverAlone();
            }
        }
    }

    private List<Left> recoverAlone() throws IOException {
        FileWriteRecovery.recover(store.state());
        KeptCopies.clean(store.state(), Instant.now(), KeptCopies.MOST_BYTES);
        for (Path folder : leftFolders(store.state())) {
            if (!Worktree.isRecorded(folder)) {
                Folders.delete(folder);
            }
        }
        List<Left> stays = new ArrayList<>();
        for (Left left : left()) {
            switch (left.state()) {
                case UNFINISHED, CLEAN, DISCARDED -> {
                    try {
                        remove(left.worktree());
                    } catch (IOException e) {
                        stays.add(left);
                    }
                }
                case CHANGED, BROKEN -> stays.add(left);
            }
        }
        return stays;
    }

    private static Repository main(Path root) throws IOException {
        return Repository.find(root)
                .orElseThrow(() -> new GitException(Problem.NO_REPOSITORY, root + " is not a working tree."));
    }

    /** A run in the user's own repository: git's ownership check applies, and nothing from its configuration runs. */
    private GitCommand real(Path root, String... arguments) throws IOException {
        Repository repository = main(root);
        Settings settings = RepositoryConfig.disarmed(
                Settings.none(),
                RepositoryConfig.read(
                        store.program(), Settings.none(), repository.commonDir().resolve("config")));
        return store.program().command(root, settings, arguments);
    }

    private Optional<String> commit(Path root, String name) throws IOException {
        GitOutput output = real(root, "rev-parse", "--verify", "--quiet", name + "^{commit}")
                .success(0, 1)
                .run();
        return output.exitCode() == 0
                ? Optional.of(new String(output.bytes(), StandardCharsets.US_ASCII).strip())
                : Optional.empty();
    }
}
