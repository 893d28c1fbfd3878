package dev.codexmcp.git;

import dev.codexmcp.git.GitException.Problem;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Git worktrees of jobs: made, taken away, found again after a crash. They lie in the server's own folder, never in the repository. Each has a
 * record there, which is written before git is asked and deleted after all else: so whatever a killed server
 * leaves is found by the next one.
 */
public final class Worktrees {
    /** Knows how to merge trees without touching a file. */
    static final GitProgram.Version NEEDED = new GitProgram.Version(2, 38);

    private static final String READY = "ready";
    private static final String DISCARDED = "discarded";
    private static final int LONGEST_LABEL = 40;

    private final SnapshotStore store;
    private final Consumer<String> steps;

    public Worktrees(SnapshotStore store) {
        this(store, step -> {});
    }

    /**
     * @param steps hears of each step before it is done
     */
    Worktrees(SnapshotStore store, Consumer<String> steps) {
        this.store = store;
        this.steps = steps;
    }

    /** A worktree whose server is dead. */
    public record Left(Worktree worktree, State state) {}

    /** What is in a worktree. */
    public enum State {
        /** The server died while it made this. No worker has been in it. */
        UNFINISHED,
        /** As it began: nothing is lost with it. */
        CLEAN,
        /** With changes or commits. */
        CHANGED,
        /** The user has asked to discard it, and the server died meanwhile. */
        DISCARDED,
        /** Its repository or its folder is gone, or can't be read. */
        BROKEN
    }

    /**
     * Makes a worktree on a branch {@code codex/LABEL-ID}, based on HEAD, with a copy of the ignored files that
     * {@code .worktreeinclude} names. No hook and no filter of the repository runs: a file that Git LFS keeps elsewhere stands there as its pointer.
     *
     * @param label any text; what a branch's name can't hold is replaced
     * @param id of the job
     */
    public Worktree create(Repository repository, String label, String id) throws IOException {
        store.program().require(NEEDED, "A worktree for a job");
        String base = commit(repository.root(), "HEAD")
                .orElseThrow(() -> new GitException(
                        Problem.FAILED,
                        "A worktree begins with a commit, and " + repository.root() + " has none yet."));
        String name = name(label).isEmpty() ? name(id) : name(label) + "-" + name(id);
        Path parent = store.state().resolve("worktrees");
        Worktree worktree = new Worktree(OwnedFolder.create(parent, name), repository.root(), "codex/" + name, base);
        steps.accept("record");
        worktree.write();
        try {
            fill(repository, worktree);
        } catch (IOException | RuntimeException e) {
            // A branch that was there before is not ours.
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

    /** The letters, digits, dots and dashes of a text, such that a branch may be called so. */
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
                        new GitException(Problem.NO_REPOSITORY, worktree.path() + " is no working tree any more."));
    }

    /** Whether there is anything in it that would be lost: files, untracked ones included, or commits. Ignored files don't count. */
    public boolean hasChanges(Worktree worktree) throws IOException {
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

    /** A snapshot without bounds: nothing that a job has made is to be forgotten. */
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
     * @return whether it is gone
     */
    public boolean removeIfClean(Worktree worktree) throws IOException {
        if (hasChanges(worktree)) {
            return false;
        }
        remove(worktree);
        return true;
    }

    /** Removes the worktree, its branch and all that is in them. */
    public void discard(Worktree worktree) throws IOException {
        steps.accept("discard");
        DurableFile.write(worktree.folder().resolve(DISCARDED), new byte[0]);
        remove(worktree);
    }

    private void remove(Worktree worktree) throws IOException {
        if (Files.isDirectory(worktree.mainRoot())) {
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
    }

    /** The worktrees of dead servers, oldest name first. Nothing is changed. */
    public List<Left> left() throws IOException {
        List<Left> left = new ArrayList<>();
        for (Path folder : OwnedFolder.abandoned(store.state().resolve("worktrees"))) {
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
     * Cleans up after dead servers: puts back what was half applied, and removes worktrees that hold nothing, or nothing wanted.
     * Those with changes stay, and so do those that can't be read.
     *
     * @return what has stayed
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
        for (Path folder : OwnedFolder.abandoned(store.state().resolve("worktrees"))) {
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

    /** A run in the user's own repository: git's own rules for whom it trusts hold, and nothing of its configuration runs. */
    private GitCommand real(Path root, String... arguments) throws IOException {
        Repository repository = Repository.find(root)
                .orElseThrow(() -> new GitException(Problem.NO_REPOSITORY, root + " is no working tree."));
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
