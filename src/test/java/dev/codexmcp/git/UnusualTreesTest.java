package dev.codexmcp.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.git.Snapshot.Omission;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Snapshots of repositories with unusual set-ups. */
class UnusualTreesTest {
    @TempDir
    Path folder;

    private GitRepo repo;
    private SnapshotStore store;

    @BeforeEach
    void create() throws IOException {
        repo = GitRepo.create(folder.resolve("repo"));
        store = GitRepo.store(folder);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private List<String> changes(Snapshot from, Snapshot to) throws IOException {
        return store.diff(repo.repository()).changes(from, to).stream()
                .map(change -> (change.before() == null ? "A " : change.after() == null ? "D " : "M ") + change.path())
                .toList();
    }

    /** Checks that a change and nothing else is seen, and that nothing in .git is written. */
    private void assertSeesOneChange(String file) throws IOException {
        Map<String, String> git = GitRepo.everything(repo.repository().gitDir());
        Snapshot before = store.take(repo.repository());
        repo.write(file, "changed\n");
        Snapshot after = store.take(repo.repository());
        assertThat(changes(before, after)).containsExactly("M " + file);
        assertThat(GitRepo.everything(repo.repository().gitDir())).isEqualTo(git);
    }

    @Test
    void aLinkedWorktree() throws IOException {
        repo.git("worktree", "add", "-q", folder.resolve("linked").toString());
        Snapshot main = store.take(repo.repository());
        repo = GitRepo.at(folder.resolve("linked"));

        assertThat(repo.repository().gitDir()).isNotEqualTo(repo.repository().commonDir());
        assertSeesOneChange("readme");
        assertThat(changes(main, store.take(repo.repository()))).containsExactly("M readme");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--no-sparse-index", "--sparse-index"})
    void aSparseCheckout(String index) throws IOException {
        repo.write("in/a", "a").write("out/b", "b").write("out/deep/c", "c");
        repo.commitAll();
        repo.git("sparse-checkout", "set", "--cone", index, "in");

        assertThat(repo.path("out")).doesNotExist();
        assertSeesOneChange("in/a");
        assertThat(store.take(repo.repository()).tree())
                .isNotEqualTo(repo.git("rev-parse", "HEAD^{tree}").strip());
        repo.git("checkout", "-q", ".");
        assertThat(store.take(repo.repository()).tree())
                .isEqualTo(repo.git("rev-parse", "HEAD^{tree}").strip());
    }

    @ParameterizedTest
    @ValueSource(strings = {"core.splitIndex", "core.untrackedCache", "feature.manyFiles"})
    void anIndexInAnotherFormat(String setting) throws IOException {
        repo.git("config", setting, "true");
        repo.write("a", "a");
        repo.commitAll();
        repo.git("status");

        assertSeesOneChange("readme");
    }

    @Test
    void mixedLineEnds() throws IOException {
        repo.git("config", "core.autocrlf", "true");
        repo.write("dos", "one\r\ntwo\r\n");
        repo.commitAll();
        assertSeesOneChange("readme");
        Snapshot before = store.take(repo.repository());
        Files.setLastModifiedTime(repo.path("dos"), FileTime.fromMillis(1_000_000_000_000L));

        assertThat(changes(before, store.take(repo.repository())))
                .as("only a new time")
                .isEmpty();
    }

    @Test
    void aFileNotOlderThanTheIndexIsReadWhateverItsTime() throws IOException {
        FileTime time = FileTime.fromMillis(1_600_000_000_000L);
        repo.git("config", "core.trustctime", "false");
        repo.write("a", "before");
        Files.setLastModifiedTime(repo.path("a"), time);
        repo.git("add", "a");
        String added = repo.git("write-tree").strip();
        repo.write("a", "after!");
        Files.setLastModifiedTime(repo.path("a"), time);
        Files.setLastModifiedTime(repo.path(".git/index"), time);

        assertThat(store.take(repo.repository()).tree()).isNotEqualTo(added);
    }

    @Test
    void aFileSystemWithoutExecutableBits() throws IOException {
        repo.git("config", "core.fileMode", "false");
        Snapshot before = store.take(repo.repository());
        repo.executable("readme", true);

        assertThat(changes(before, store.take(repo.repository()))).isEmpty();
    }

    @Test
    void filesThatGitIsConfiguredToIgnore() throws IOException {
        repo.write("assumed", "a").write("skipped", "s");
        repo.commitAll();
        repo.git("update-index", "--assume-unchanged", "assumed");
        repo.git("update-index", "--skip-worktree", "skipped");
        repo.write("assumed", "changed").write("skipped", "changed");

        assertSeesOneChange("readme");
    }

    @Test
    void aSubmoduleIsItsCommitAndANestedRepositoryIsNotRead() throws IOException {
        GitRepo other = GitRepo.create(folder.resolve("other"));
        repo.git("submodule", "--quiet", "add", other.root().toString(), "sub");
        repo.commitAll();
        GitRepo sub = GitRepo.at(repo.path("sub"));
        Snapshot before = store.take(repo.repository());
        sub.write("readme", "dirty").write("untracked", "u");
        assertThat(changes(before, store.take(repo.repository()))).isEmpty();
        sub.commitAll();
        GitRepo.create(repo.path("nested"));
        Snapshot after = store.take(repo.repository());

        assertThat(changes(before, after)).containsExactly("M sub");
        assertThat(after.omitted()).isEqualTo(Map.of(RepoPath.plain("nested/"), Omission.NESTED_REPOSITORY));
        repo = sub;
        assertSeesOneChange("readme");
    }

    @Test
    void objectsNamedBySha256() throws IOException {
        Path root = Files.createDirectories(folder.resolve("sha256"));
        GitRepo.exec(root, new byte[0], List.of("git", "init", "-q", "--object-format=sha256"));
        repo = GitRepo.at(root).write("a", "a");
        repo.commitAll();

        assertSeesOneChange("a");
        Snapshot before = store.take(repo.repository());
        repo.delete("a");
        assertThat(changes(before, store.take(repo.repository()))).containsExactly("D a");
    }

    @Test
    void spacesColonsAndQuotesInTheRepositorysPath() throws IOException {
        repo = GitRepo.create(folder.resolve("a: \"b\" ü\n$c"));

        assertSeesOneChange("readme");
    }

    @Test
    void theServersOwnFolderInsideTheTree() throws IOException {
        store.close();
        store = new SnapshotStore(
                GitProgram.find(GitRepo.environment(folder), folder.resolve("scratch")), repo.path("state [x]*"));

        assertSeesOneChange("readme");
    }

    @Test
    void noWorkingTree() throws IOException {
        GitRepo.exec(folder, new byte[0], List.of("git", "init", "-q", "--bare", "bare"));

        assertThat(Repository.find(folder.resolve("bare"))).isEmpty();
        assertThat(Repository.find(repo.path(".git/refs"))).isEmpty();
        assertThat(Repository.find(folder)).isEmpty();
        repo.write("deep/er/a", "a");
        assertThat(Repository.find(repo.path("deep/er"))).contains(repo.repository());
    }
}
