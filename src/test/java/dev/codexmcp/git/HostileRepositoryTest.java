package dev.codexmcp.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker may write the configuration of its repository: nothing that it names there runs. */
class HostileRepositoryTest {
    static final List<String> PROGRAMS = List.of(
            "core.fsmonitor",
            "core.hooksPath",
            "core.sshCommand",
            "core.editor",
            "core.pager",
            "core.askPass",
            "core.gitProxy",
            "core.alternateRefsCommand",
            "diff.external",
            "diff.x.command",
            "diff.x.textconv",
            "merge.x.driver",
            "filter.x.clean",
            "filter.x.smudge",
            "filter.x.process",
            "credential.helper",
            "gpg.program",
            "sequence.editor",
            "alias.status",
            "alias.config",
            "alias.diff-files",
            "alias.worktree",
            "uploadpack.packObjectsHook",
            "interactive.diffFilter",
            "trailer.x.command",
            "submodule.sub.update",
            "remote.origin.vcs");

    @TempDir
    Path folder;

    private GitRepo repo;
    private Path evil;
    private Path ran;

    @BeforeEach
    void create() throws IOException {
        repo = GitRepo.create(folder.resolve("repo"));
        ran = folder.resolve("ran");
        evil = Files.writeString(folder.resolve("evil"), "#!/bin/sh\necho \"$0 $*\" >>" + ran + "\ncat\n");
        Files.setPosixFilePermissions(evil, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Everything that this package does with a repository. */
    private void useEverything(SnapshotStore store) throws IOException {
        Snapshot before = store.take(repo.repository());
        repo.write("readme", "changed\nmore\n").write("new.bin", new byte[] {0, 1});
        Files.setLastModifiedTime(repo.path("touched"), FileTime.fromMillis(1_500_000_000_000L));
        Snapshot after = store.take(repo.repository());
        TreeDiff diff = store.diff(repo.repository());
        List<PathChange> changes = diff.changes(before, after);
        assertThat(changes).extracting(change -> change.path().text()).contains("new.bin", "readme");
        diff.files(changes);
        diff.patch(changes, 0, 1_000_000);
    }

    private void assertNothingRan() throws IOException {
        assertThat(Files.exists(ran) ? Files.readString(ran) : "").isEmpty();
    }

    @Test
    void noSettingOfTheRepositoryRunsAnything() throws IOException {
        repo.write("touched", "same").write(".gitattributes", "* filter=x diff=x merge=x\n");
        repo.commitAll();
        for (String key : PROGRAMS) {
            repo.git("config", key, key.startsWith("alias.") ? "!" + evil : evil.toString());
        }
        repo.git("config", "trace2.eventTarget", ran.toString());
        repo.git("config", "filter.x.required", "true");
        try (SnapshotStore store = GitRepo.store(folder)) {
            useEverything(store);
        }
        assertNothingRan();
    }

    @Test
    void theWorkingTreeIsNextToItsGitWhateverTheConfigurationSays() throws IOException {
        repo.write("touched", "same");
        repo.commitAll();
        repo.git("config", "core.worktree", folder.toString());
        repo.git("config", "core.bare", "true");
        try (SnapshotStore store = GitRepo.store(folder)) {
            useEverything(store);
        }
    }

    @Test
    void theSameSettingsWouldRunForTheUser() throws IOException {
        repo.git("config", "core.fsmonitor", evil.toString());
        repo.git("status");

        assertThat(ran).as("otherwise the test above proves nothing").exists();
    }

    @Test
    void includesInTheConfigurationAreNotRead() throws IOException {
        GitRepo.exec(folder, new byte[0], List.of("mkfifo", "fifo"));
        repo.write("touched", "same");
        repo.commitAll();
        Files.writeString(
                repo.path(".git/config"),
                Files.readString(repo.path(".git/config")) + "[include]\n\tpath = " + folder.resolve("fifo") + "\n");
        try (SnapshotStore store = GitRepo.store(folder)) {
            useEverything(store);
        }
    }

    @Test
    void hooksDoNotRun() throws IOException {
        repo.write("touched", "same");
        repo.commitAll();
        for (String hook : List.of(
                "post-index-change", "reference-transaction", "post-checkout", "pre-commit", "fsmonitor-watchman")) {
            Files.copy(evil, repo.path(".git/hooks/" + hook));
        }
        try (SnapshotStore store = GitRepo.store(folder)) {
            useEverything(store);
        }
        assertNothingRan();
    }

    @Test
    void theConfigurationOfSubmodulesAndNestedRepositoriesIsIgnoredToo() throws IOException {
        GitRepo other = GitRepo.create(folder.resolve("other"));
        repo.git("submodule", "--quiet", "add", other.root().toString(), "sub");
        repo.write("touched", "same");
        repo.commitAll();
        for (GitRepo inner : List.of(GitRepo.at(repo.path("sub")), GitRepo.create(repo.path("nested")))) {
            inner.git("config", "core.fsmonitor", evil.toString());
            inner.git("config", "filter.x.clean", evil.toString());
            inner.write(".gitattributes", "* filter=x\n").write("readme", "changed");
        }
        try (SnapshotStore store = GitRepo.store(folder)) {
            useEverything(store);
        }
        assertNothingRan();
    }

    @Test
    void gitVariablesInTheServersEnvironmentAreIgnored() throws IOException {
        repo.write("touched", "same");
        repo.commitAll();
        GitRepo other = GitRepo.create(folder.resolve("other"));
        Map<String, String> environment = new HashMap<>(GitRepo.environment(folder));
        environment.put("GIT_DIR", other.path(".git").toString());
        environment.put("GIT_WORK_TREE", other.root().toString());
        environment.put("GIT_INDEX_FILE", other.path(".git/index").toString());
        environment.put("GIT_OBJECT_DIRECTORY", other.path(".git/objects").toString());
        environment.put("GIT_EXTERNAL_DIFF", evil.toString());
        environment.put("GIT_TRACE2_EVENT", ran.toString());
        environment.put("GIT_EXEC_PATH", folder.toString());
        environment.put("PATH", ".::" + environment.get("PATH"));
        Map<String, String> untouched = GitRepo.everything(other.path(".git"));
        try (SnapshotStore store =
                new SnapshotStore(GitProgram.find(environment, folder.resolve("scratch")), folder.resolve("state"))) {
            useEverything(store);
        }
        assertNothingRan();
        assertThat(GitRepo.everything(other.path(".git"))).isEqualTo(untouched);
    }

    @Test
    void missingObjectsAreNotFetchedEvenByAGitThatCannotForbidIt() throws IOException {
        repo.write("touched", "same");
        repo.commitAll();
        GitRepo other = GitRepo.create(folder.resolve("other"));
        for (String setting : List.of(
                "core.repositoryformatversion=1",
                "extensions.partialClone=origin",
                "remote.origin.promisor=true",
                "remote.origin.url=" + other.root(),
                "remote.origin.uploadpack=" + evil,
                "protocol.allow=always",
                "protocol.file.allow=always")) {
            repo.git("config", setting.substring(0, setting.indexOf('=')), setting.substring(setting.indexOf('=') + 1));
        }
        String head = repo.git("rev-parse", "HEAD").strip();
        Files.delete(repo.path(".git/objects/" + head.substring(0, 2) + "/" + head.substring(2)));
        Path git = Files.createDirectories(folder.resolve("bin")).resolve("git");
        Files.writeString(
                git, "#!/bin/sh\nunset GIT_NO_LAZY_FETCH\nPATH=" + System.getenv("PATH") + "\nexec git \"$@\"\n");
        Files.setPosixFilePermissions(git, PosixFilePermissions.fromString("rwxr-xr-x"));
        Map<String, String> environment = new HashMap<>(GitRepo.environment(folder));
        environment.put("PATH", git.getParent() + ":" + environment.get("PATH"));
        try (SnapshotStore store =
                new SnapshotStore(GitProgram.find(environment, folder.resolve("scratch")), folder.resolve("state"))) {
            assertThatThrownBy(() -> new Worktrees(store).create(repo.repository(), "x", "1"))
                    .isInstanceOf(GitException.class);
        }
        assertNothingRan();
    }

    @Test
    void aGitThatBlocksIsKilledInTime() throws IOException {
        GitRepo.exec(repo.root(), new byte[0], List.of("mkfifo", ".gitignore"));
        GitProgram program = GitProgram.find(GitRepo.environment(folder), folder.resolve("scratch"));

        assertThatThrownBy(() -> program.command(repo.root(), Settings.none(), "ls-files", "-o", "--exclude-standard")
                        .timeout(Duration.ofMillis(300))
                        .run())
                .isInstanceOfSatisfying(
                        GitException.class, e -> assertThat(e.problem()).isEqualTo(GitException.Problem.TIMED_OUT));
    }

    @Test
    void aRepositoryOfAnotherUserHasSnapshotsButNoWorktrees() throws IOException {
        repo.write("touched", "same");
        repo.commitAll();
        try {
            GitRepo.exec(
                    folder,
                    new byte[0],
                    List.of("chown", "-R", "12345", repo.root().toString()));
        } catch (IOException e) {
            Assumptions.abort("Only root can give files away");
        }
        try (SnapshotStore store = GitRepo.store(folder)) {
            useEverything(store);
            assertThatThrownBy(() -> new Worktrees(store).create(repo.repository(), "x", "1"))
                    .isInstanceOfSatisfying(
                            GitException.class, e -> assertThat(e.problem()).isEqualTo(GitException.Problem.NOT_OWNED))
                    .hasMessageContaining("safe.directory");
        }
    }

    @Test
    void aMissingGitIsReported() {
        Map<String, String> environment = Map.of("PATH", folder.toString());

        assertThatThrownBy(() -> GitProgram.find(environment, folder.resolve("scratch")))
                .isInstanceOfSatisfying(
                        GitException.class, e -> assertThat(e.problem()).isEqualTo(GitException.Problem.MISSING));
    }

    @Test
    void outputIsBounded() throws IOException {
        GitProgram program = GitProgram.find(GitRepo.environment(folder), folder.resolve("scratch"));

        assertThatThrownBy(() -> program.command(repo.root(), Settings.none(), "help", "-a")
                        .mostOutput(10)
                        .run())
                .isInstanceOfSatisfying(
                        GitException.class,
                        e -> assertThat(e.problem()).isEqualTo(GitException.Problem.TOO_MUCH_OUTPUT));
    }
}
