package dev.codexmcp.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A job's own working tree: created, applied, removed. */
class WorktreesTest {
    @TempDir
    Path folder;

    private GitRepo repo;
    private SnapshotStore store;
    private Worktrees worktrees;

    @BeforeEach
    void create() throws IOException {
        repo = GitRepo.create(folder.resolve("repo"));
        repo.write("src/a", "1\n2\n3\n4\n5\n6\n7\n8\n9\n").write("src/b", "b\n").write("run", "#!/bin/sh\n");
        repo.executable("run", true);
        repo.commitAll();
        store = GitRepo.store(folder);
        worktrees = new Worktrees(store);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private Worktree make() throws IOException {
        return worktrees.create(repo.repository(), "Fix: the thing/..", "job1");
    }

    private WorktreeApply.Result apply(Worktree worktree) throws IOException {
        return new WorktreeApply(store).apply(worktree, repo.repository(), false);
    }

    @Test
    void startsFromHeadOnItsOwnBranchAndLocked() throws IOException {
        repo.write("src/b", "not committed\n").write("untracked", "u");
        Worktree worktree = make();
        GitRepo own = GitRepo.at(worktree.path());

        assertThat(worktree.branch()).isEqualTo("codex/Fix-the-thing-job1");
        assertThat(worktree.base()).isEqualTo(repo.git("rev-parse", "HEAD").strip());
        assertThat(own.git("branch", "--show-current").strip()).isEqualTo(worktree.branch());
        assertThat(own.git("status", "--porcelain")).isEmpty();
        assertThat(own.files())
                .containsKeys("readme", "run", "src/a")
                .containsEntry("src/b", "- b\n")
                .doesNotContainKey("untracked");
        assertThat(repo.git("worktree", "list", "--porcelain"))
                .contains(
                        "locked codex-mcp-server host=",
                        " boot=",
                        " pid=" + ProcessHandle.current().pid(),
                        " start=");
        assertThat(worktrees.left()).as("its server is alive").isEmpty();
    }

    @Test
    void aTreeWithAnotherRepositoryInItsPlaceIsKeptUntilItIsDiscarded() throws IOException {
        GitRepo other = GitRepo.create(folder.resolve("other"));
        Map<String, String> untouched = GitRepo.everything(other.path(".git"));
        Worktree replaced = worktrees.create(repo.repository(), "replaced", "1");
        Folders.delete(replaced.path().resolve(".git"));
        GitRepo.create(replaced.path());
        Worktree linked = worktrees.create(repo.repository(), "linked", "2");
        Folders.delete(linked.path().resolve(".git"));
        Files.createSymbolicLink(linked.path().resolve(".git"), other.path(".git"));
        Worktree pointed = worktrees.create(repo.repository(), "pointed", "3");
        Files.writeString(pointed.path().resolve(".git"), "gitdir: " + other.path(".git") + "\n");

        for (Worktree worktree : List.of(replaced, linked, pointed)) {
            assertThat(worktrees.removeIfClean(worktree)).isFalse();
            worktrees.discard(worktree);
            assertThat(worktree.folder()).doesNotExist();
        }
        assertThat(repo.git("worktree", "list").lines()).hasSize(1);
        assertThat(repo.git("branch", "--list", "codex/*")).isEmpty();
        assertThat(GitRepo.everything(other.path(".git"))).isEqualTo(untouched);
    }

    @Test
    void aLinkInPlaceOfTheTreeIsNotFollowed() throws IOException {
        Worktree worktree = make();
        Path outside = Files.createDirectories(folder.resolve("outside"));
        Files.writeString(outside.resolve("file"), "x");
        Files.copy(worktree.path().resolve(".git"), outside.resolve(".git"));
        Folders.delete(worktree.path());
        Files.createSymbolicLink(worktree.path(), outside);

        worktrees.discard(worktree);

        assertThat(outside.resolve("file")).hasContent("x");
        assertThat(worktree.folder()).doesNotExist();
    }

    @Test
    void foldersThatAJobMadeReadOnlyAreRemovedToo() throws IOException {
        Worktree worktree = make();
        Path cache = Files.createDirectories(worktree.path().resolve("cache/module"));
        Files.writeString(cache.resolve("file"), "x");
        Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("r-xr-xr-x"));

        worktrees.discard(worktree);

        assertThat(worktree.folder()).doesNotExist();
    }

    @Test
    void aWorktreeOfARepositoryThatIsGoneCanBeDiscarded() throws IOException {
        Worktree worktree = make();
        repo.delete(".git");

        worktrees.discard(worktree);

        assertThat(worktree.folder()).doesNotExist();
    }

    @Test
    void copiesTheListedIgnoredFiles() throws IOException {
        repo.write(".gitignore", "*.env\nkeys/\n*.lnk\n");
        repo.commitAll();
        repo.write(".worktreeinclude", "*.env\n!no.env\nkeys/\nuntracked\n*.lnk\nsrc/\n")
                .write("untracked", "u");
        repo.write("a.env", "secret")
                .write("no.env", "x")
                .write("keys/k", "key")
                .write("src/s.env", "s");
        Files.setPosixFilePermissions(repo.path("a.env"), PosixFilePermissions.fromString("rw-------"));
        Files.createSymbolicLink(repo.path("out.lnk"), folder);

        Worktree worktree = make();

        assertThat(GitRepo.at(worktree.path()).files())
                .containsKeys("a.env", "keys/k", "src/s.env")
                .doesNotContainKeys("no.env", "untracked", "out.lnk");
        assertThat(Files.getPosixFilePermissions(worktree.path().resolve("a.env")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(worktrees.hasChanges(worktree)).isFalse();
    }

    @Test
    void noHookOrFilterOfTheRepositoryRuns() throws IOException {
        Path ran = folder.resolve("ran");
        Path evil = Files.writeString(folder.resolve("evil"), "#!/bin/sh\necho \"$0 $*\" >>" + ran + "\ncat\n");
        Files.setPosixFilePermissions(evil, PosixFilePermissions.fromString("rwxr-xr-x"));
        repo.write(".gitattributes", "* filter=x diff=x merge=x\n");
        repo.commitAll();
        for (String hook : List.of("post-checkout", "reference-transaction", "post-index-change")) {
            Files.copy(evil, repo.path(".git/hooks/" + hook));
        }
        for (String key : HostileRepositoryTest.PROGRAMS) {
            repo.git("config", key, key.startsWith("alias.") ? "!" + evil : evil.toString());
        }
        repo.git("config", "filter.x.required", "true");
        repo.git("config", "core.hooksPath", repo.path(".git/hooks").toString());
        Files.deleteIfExists(ran);

        Worktree worktree = make();
        GitRepo.at(worktree.path()).write("src/a", "theirs\n");
        repo.write("src/b", "ours\n");
        assertThat(worktrees.removeIfClean(worktree)).isFalse();
        assertThat(apply(worktree).applied()).containsExactly(RepoPath.plain("src/a"));
        worktrees.discard(worktree);

        assertThat(Files.exists(ran) ? Files.readString(ran) : "").isEmpty();
    }

    @Test
    void applyingChangesTheUsersTreeAndStagesNothing() throws IOException {
        Worktree worktree = make();
        GitRepo own = GitRepo.at(worktree.path());
        own.write("src/a", "1\n2\n3\n4\n5\n6\n7\n8\nnine\n")
                .write("new/x", "x")
                .delete("src/b")
                .write("bin", new byte[] {0, 1});
        own.executable("run", false);
        own.git("add", "src/a");
        own.git("commit", "-qm", "committed by the job");
        Files.createSymbolicLink(own.path("link"), Path.of("readme"));
        own.delete("readme").write("readme/now", "a folder");
        repo.write("src/a", "one\n2\n3\n4\n5\n6\n7\n8\n9\n").write("mine", "m");
        repo.git("add", "mine");
        String index = repo.git("ls-files", "-s");
        Map<String, String> before = repo.files();

        WorktreeApply.Result would = new WorktreeApply(store).apply(worktree, repo.repository(), true);
        assertThat(repo.files()).isEqualTo(before);
        WorktreeApply.Result result = apply(worktree);

        assertThat(result).isEqualTo(would);
        assertThat(result.conflicts()).isEmpty();
        assertThat(result.applied())
                .extracting(RepoPath::text)
                .containsExactlyInAnyOrder("bin", "link", "new/x", "readme", "readme/now", "run", "src/a", "src/b");
        assertThat(repo.files())
                .containsEntry("src/a", "- one\n2\n3\n4\n5\n6\n7\n8\nnine\n")
                .containsEntry("link", "link readme")
                .containsEntry("run", "- #!/bin/sh\n")
                .containsEntry("readme/now", "- a folder")
                .containsEntry("new/x", "- x")
                .containsEntry("mine", "- m")
                .doesNotContainKey("src/b");
        assertThat(repo.git("ls-files", "-s")).isEqualTo(index);
        assertThat(repo.git("log", "--oneline")).doesNotContain("committed by the job");
        assertThat(apply(worktree).applied()).as("already applied").isEmpty();
        assertThat(journals()).isEmpty();
    }

    private List<Path> journals() throws IOException {
        try (Stream<Path> left = Files.list(folder.resolve("state/writes"))) {
            return left.toList();
        }
    }

    @Test
    void withAConflictNothingIsWritten() throws IOException {
        Worktree worktree = make();
        GitRepo own = GitRepo.at(worktree.path());
        own.write("src/a", "theirs\n").write("src/b", "fine\n");
        repo.write("src/a", "ours\n");
        Map<String, String> before = repo.files();

        assertThat(apply(worktree))
                .isEqualTo(new WorktreeApply.Result(List.of(), List.of(RepoPath.plain("src/a")), Map.of()));
        assertThat(repo.files()).isEqualTo(before);
    }

    @Test
    void anIgnoredFileInTheWayIsAConflict() throws IOException {
        Worktree worktree = make();
        GitRepo.at(worktree.path()).write("out", "theirs");
        repo.write(".git/info/exclude", "out\n").write("out", "mine, ignored");
        GitRepo.at(worktree.path()).git("add", "-f", "out");

        assertThat(apply(worktree).conflicts()).containsExactly(RepoPath.plain("out"));
        assertThat(Files.readString(repo.path("out"))).isEqualTo("mine, ignored");
    }

    @Test
    void isRemovedIfCleanAndStaysIfChanged() throws IOException {
        Worktree worktree = make();
        GitRepo own = GitRepo.at(worktree.path());
        own.write("untracked", "u");
        assertThat(worktrees.removeIfClean(worktree)).isFalse();
        own.delete("untracked");
        own.git("commit", "-q", "--allow-empty", "-m", "a commit alone");
        assertThat(worktrees.removeIfClean(worktree)).isFalse();
        own.git("reset", "-q", "--hard", worktree.base());
        assertThat(worktrees.removeIfClean(worktree)).isTrue();

        assertThat(worktree.folder()).doesNotExist();
        assertThat(repo.git("worktree", "list").lines()).hasSize(1);
        assertThat(repo.git("branch", "--list", "codex/*")).isEmpty();
    }

    @Test
    void discardAlsoRemovesChangesAndCommits() throws IOException {
        Worktree worktree = make();
        GitRepo own = GitRepo.at(worktree.path());
        own.write("x", "x");
        own.commitAll();
        own.write("y", "y");
        worktrees.discard(worktree);

        assertThat(worktree.folder()).doesNotExist();
        assertThat(repo.git("branch", "--list", "codex/*")).isEmpty();
        assertThat(repo.git("status", "--porcelain")).isEmpty();
    }

    @Test
    void nothingIsKeptOfARemovedWorktree() throws IOException {
        worktrees.removeIfClean(make());
        long before = shadows();

        for (int i = 0; i < 3; i++) {
            worktrees.removeIfClean(worktrees.create(repo.repository(), "again", "job-" + i));
        }

        assertThat(shadows()).isEqualTo(before);
    }

    /** How many working trees the store keeps an index for. */
    private long shadows() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("state/snapshots"), 2)) {
            return files.filter(file -> file.getFileName().toString().startsWith("git-"))
                    .count();
        }
    }

    @Test
    void aRepositoryWithoutACommitIsRefused() throws IOException {
        repo = GitRepo.unborn(folder.resolve("unborn"));

        assertThatThrownBy(this::make).isInstanceOf(GitException.class).hasMessageContaining("has none yet");
    }

    @Test
    void anExistingBranchOfThatNameStays() throws IOException {
        repo.git("branch", "codex/Fix-the-thing-job1");

        assertThatThrownBy(this::make).isInstanceOf(GitException.class).hasMessageContaining("already exists");
        assertThat(repo.git("branch", "--list", "codex/*")).contains("codex/Fix-the-thing-job1");
    }

    @Test
    void anyLabelYieldsAValidName() {
        assertThat(List.of("", "..", "-x", "a/b", "x".repeat(100), "ü@{-1}", "a.lock"))
                .extracting(Worktrees::name)
                .containsExactly("", "", "x", "a-b", "x".repeat(40), "1", "a-lock");
    }
}
