package dev.codexmcp.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.testkit.WorktreeDoctor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code doctor --worktrees} cleans up what killed servers have left, and asks before it removes anybody's work. */
class LeftWorktreesIT {
    @TempDir
    Path folder;

    private Path state;
    private GitRepo repo;
    private SnapshotStore store;
    private Worktrees worktrees;

    /** The server is killed here. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    @BeforeEach
    void create() throws IOException {
        Path home = Files.createDirectories(folder.resolve("a home"));
        state = home.resolve(".local/state/codex-mcp-server");
        repo = GitRepo.create(folder.resolve("a répository"));
        store = new SnapshotStore(GitProgram.find(GitRepo.environment(home), folder.resolve("scratch")), state);
        worktrees = new Worktrees(store);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private WorktreeDoctor.Outcome doctor(String typed) {
        Map<String, String> environment = new HashMap<>(GitRepo.environment(folder.resolve("a home")));
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("LC_ALL", "C.UTF-8");
        return WorktreeDoctor.run(folder, environment, typed);
    }

    private Worktree changed(String label) throws IOException {
        Worktree worktree = worktrees.create(repo.repository(), label, label);
        GitRepo.at(worktree.path()).write("untracked", label);
        return worktree;
    }

    /** Kills the action at this step. */
    private static Consumer<String> killedAt(String step) {
        return reached -> {
            if (reached.equals(step)) {
                throw new Killed();
            }
        };
    }

    private interface Action {
        void run() throws IOException;
    }

    private static void dies(Action action) throws IOException {
        try {
            action.run();
        } catch (Killed e) {
            return;
        }
        throw new AssertionError("not killed");
    }

    private List<String> left() throws IOException {
        try (Stream<Path> folders = Files.list(state.resolve("worktrees"))) {
            return folders.map(each -> each.getFileName().toString().replaceFirst("-.*", ""))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void asksForEachThatHasChangesAndKeepsItUnlessConfirmed() throws IOException {
        Worktree first = changed("first");
        Worktree second = changed("second");
        DeadServers.own(state);

        WorktreeDoctor.Outcome outcome = doctor("n\ny\n");

        assertThat(outcome.output())
                .contains(first.path().toString(), second.path().toString(), "branch codex/first-first")
                .contains("it has changes or commits", "kept", "removed");
        assertThat(outcome.exitCode()).isZero();
        assertThat(first.path().resolve("untracked")).hasContent("first");
        assertThat(second.folder()).doesNotExist();
        assertThat(repo.git("branch", "--list", "codex/*").strip()).endsWith("codex/first-first");
        assertThat(doctor("").output()).contains("kept");
        assertThat(left()).containsExactly("first");
    }

    @Test
    void finishesWhatWasHalfCreatedHalfDiscardedOrUnchangedWithoutAQuestion() throws IOException {
        worktrees.create(repo.repository(), "clean", "1");
        for (String step : List.of("record", "add", "check out", "include", "ready")) {
            dies(() -> new Worktrees(store, killedAt(step)).create(repo.repository(), "half", step));
        }
        for (String step : List.of("delete tree", "remove", "delete branch", "delete record")) {
            Worktree discarded = changed("discarded-" + step);
            dies(() -> new Worktrees(store, killedAt(step)).discard(discarded));
        }
        DeadServers.own(state);

        WorktreeDoctor.Outcome outcome = doctor("");

        assertThat(outcome.output()).isEqualTo("No server has left a worktree with changes.\n");
        assertThat(left()).isEmpty();
        assertThat(repo.git("worktree", "list").lines()).hasSize(1);
        assertThat(repo.git("branch", "--list", "codex/*")).isEmpty();
    }

    @Test
    void putsBackWhatWasHalfApplied() throws IOException {
        repo.write("dirty", "the user's").write("other", "o");
        Map<String, String> before = repo.files();
        Worktree worktree = changed("applied");
        GitRepo.at(worktree.path()).write("readme", "by the job").write("new", "n");
        dies(() -> new WorktreeApply(store, killedAt("move")).apply(worktree, repo.repository(), false));
        DeadServers.own(state);

        assertThat(doctor("n\n").output()).contains("kept");

        assertThat(repo.files()).isEqualTo(before);
        assertThat(worktree.path().resolve("new")).hasContent("n");
    }

    @Test
    void leavesAloneWhatALiveServerOrAnotherHostUses() throws IOException {
        Worktree live = changed("live");
        Worktree elsewhere = changed("elsewhere");
        ServerIdentity self = ServerIdentity.ofThisProcess();
        Files.writeString(
                elsewhere.folder().resolve(OwnedFolder.OWNER),
                new ServerIdentity("another", self.boot(), 1, 1).toString());

        assertThat(doctor("y\ny\n").output()).isEqualTo("No server has left a worktree with changes.\n");

        assertThat(live.path().resolve("untracked")).hasContent("live");
        assertThat(elsewhere.path().resolve("untracked")).hasContent("elsewhere");
    }

    @Test
    void offersAWorktreeWhoseRepositoryIsGone() throws IOException {
        Worktree worktree = changed("orphan");
        DeadServers.own(state);
        Folders.delete(repo.root());

        WorktreeDoctor.Outcome outcome = doctor("y\n");

        assertThat(outcome.output()).contains("missing or unreadable", "removed");
        assertThat(outcome.exitCode()).isZero();
        assertThat(worktree.folder()).doesNotExist();
    }

    @Test
    void deletesTheSnapshotsOfKilledServersButNotThoseOfLiveOnes() throws IOException {
        store.take(repo.repository());
        Path dead = Files.createDirectories(state.resolve("snapshots/1-1-dead/objects-1/pack"));
        Files.writeString(dead.resolve("object"), "x");
        Files.writeString(state.resolve("snapshots/1-1-dead/lock"), "");

        assertThat(doctor("").output()).isEqualTo("No server has left a worktree.\n");

        try (Stream<Path> folders = Files.list(state.resolve("snapshots"))) {
            assertThat(folders.filter(Files::isDirectory))
                    .singleElement()
                    .matches(mine -> mine.getFileName()
                            .toString()
                            .startsWith(ServerIdentity.ofThisProcess().prefix()));
        }
        assertThat(store.take(repo.repository()).omitted()).isEmpty();
    }
}
