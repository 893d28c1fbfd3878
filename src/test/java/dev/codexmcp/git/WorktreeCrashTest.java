package dev.codexmcp.git;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server is killed at each step of a worktree operation, and the next server recovers. */
class WorktreeCrashTest {
    @TempDir
    Path folder;

    private GitRepo repo;
    private SnapshotStore store;

    /** The process stops here; it cleans up nothing. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    private interface Action {
        void run(Consumer<String> steps) throws IOException;
    }

    private interface Check {
        void run(String step) throws IOException;
    }

    @BeforeEach
    void create() throws IOException {
        repo = GitRepo.create(folder.resolve("repo"));
        repo.write("src/a", "a\n")
                .write("src/b", "b\n")
                .write("becomes-folder", "f")
                .write("folder/file", "x");
        repo.executable("src/b", true);
        repo.commitAll();
        repo.write("dirty", "the user's");
        store = GitRepo.store(folder);
    }

    @AfterEach
    void close() {
        store.close();
    }

    /** Kills the action at its first step, then at its second, and so on, until it completes; returns the steps. */
    private List<String> killAtEachStep(Action action, Check afterwards) throws IOException {
        for (int last = 1; ; last++) {
            List<String> reached = new ArrayList<>();
            int limit = last;
            try {
                action.run(step -> {
                    reached.add(step);
                    if (reached.size() == limit) {
                        throw new Killed();
                    }
                });
                return reached;
            } catch (Killed e) {
                DeadServers.own(folder.resolve("state"));
                afterwards.run(reached.get(reached.size() - 1) + " (" + reached.size() + ")");
            }
        }
    }

    private void assertNothingIsLeft(String step) throws IOException {
        assertThat(repo.git("worktree", "list").lines()).as(step).hasSize(1);
        assertThat(repo.git("branch", "--list", "codex/*")).as(step).isEmpty();
        for (String name : List.of("worktrees", "writes")) {
            if (Files.exists(folder.resolve("state").resolve(name))) {
                try (Stream<Path> left = Files.list(folder.resolve("state").resolve(name))) {
                    assertThat(left).as(step).isEmpty();
                }
            }
        }
    }

    @Test
    void inCreate() throws IOException {
        Map<String, String> before = repo.files();
        List<String> steps =
                killAtEachStep(kill -> new Worktrees(store, kill).create(repo.repository(), "x", "1"), step -> {
                    assertThat(new Worktrees(store).recover()).as(step).isEmpty();
                    assertNothingIsLeft(step);
                    assertThat(repo.files()).as(step).isEqualTo(before);
                });

        assertThat(steps).containsExactly("record", "add", "check out", "include", "ready");
    }

    @Test
    void inDiscard() throws IOException {
        Worktrees worktrees = new Worktrees(store);
        List<String> steps = killAtEachStep(
                kill -> {
                    Worktree worktree = worktrees.create(repo.repository(), "x", "1");
                    GitRepo.at(worktree.path()).write("new", "n").commitAll();
                    new Worktrees(store, kill).discard(worktree);
                },
                step -> {
                    List<Worktrees.Left> left = worktrees.recover();
                    if (step.startsWith("discard")) {
                        assertThat(left)
                                .as("not decided yet")
                                .extracting(Worktrees.Left::state)
                                .containsExactly(Worktrees.State.CHANGED);
                        worktrees.discard(left.get(0).worktree());
                    }
                    assertNothingIsLeft(step);
                });

        assertThat(steps).containsExactly("discard", "delete tree", "remove", "delete branch", "delete record");
    }

    @Test
    void inApply() throws IOException {
        Worktrees worktrees = new Worktrees(store);
        Worktree worktree = worktrees.create(repo.repository(), "x", "1");
        GitRepo own = GitRepo.at(worktree.path());
        own.write("src/a", "changed\n").write("deep/er/new", "n").delete("src/b");
        own.delete("becomes-folder")
                .write("becomes-folder/x", "x")
                .delete("folder")
                .write("folder", "now a file");
        Map<String, String> before = repo.files();
        Map<String, String> theirs = own.files();

        List<String> steps = killAtEachStep(
                kill -> new WorktreeApply(store, kill).apply(worktree, repo.repository(), false), step -> {
                    if (step.startsWith("done")) {
                        repo.write("src/a", "edited since\n");
                    }
                    List<Worktrees.Left> left = worktrees.recover();
                    assertThat(left)
                            .as(step)
                            .extracting(Worktrees.Left::worktree)
                            .containsExactly(worktree);
                    assertThat(own.files()).as(step).isEqualTo(theirs);
                    if (step.startsWith("done")) {
                        assertThat(Files.readString(repo.path("src/a"))).isEqualTo("edited since\n");
                        repo.write("src/a", "a\n");
                        assertThat(folder.resolve("state/kept")).isNotEmptyDirectory();
                    }
                    assertThat(repo.files()).as(step).isEqualTo(before);
                });

        assertThat(steps).contains("lay out", "copy", "journal", "remove", "place", "move", "done");
        assertThat(repo.files())
                .containsEntry("folder", "- now a file")
                .containsEntry("becomes-folder/x", "- x")
                .containsEntry("dirty", "- the user's");
    }

    @Test
    void unchangedWorktreesAreRemovedAndBrokenOnesStay() throws IOException {
        Worktrees worktrees = new Worktrees(store);
        Worktree clean = worktrees.create(repo.repository(), "clean", "1");
        Worktree broken = worktrees.create(repo.repository(), "broken", "2");
        Files.delete(broken.path().resolve(".git"));
        DeadServers.own(folder.resolve("state"));

        assertThat(worktrees.recover()).containsExactly(new Worktrees.Left(broken, Worktrees.State.BROKEN));
        assertThat(clean.folder()).doesNotExist();
    }

    @Test
    void aDeletedRepositoryIsNotRecreated() throws IOException {
        Worktrees worktrees = new Worktrees(store);
        Worktree worktree = worktrees.create(repo.repository(), "x", "1");
        GitRepo.at(worktree.path()).write("src/a", "changed\n");
        killAtEachStep(kill -> new WorktreeApply(store, kill).apply(worktree, repo.repository(), false), step -> {
            if (step.startsWith("move")) {
                Files.move(repo.root(), folder.resolve("moved"));
                assertThat(worktrees.recover()).containsExactly(new Worktrees.Left(worktree, Worktrees.State.BROKEN));
                assertThat(repo.root()).doesNotExist();
                assertThat(folder.resolve("state/kept")).isNotEmptyDirectory();
                Files.move(folder.resolve("moved"), repo.root());
            }
        });
    }
}
