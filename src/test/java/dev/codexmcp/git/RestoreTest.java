package dev.codexmcp.git;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files are restored unless they have changed since. */
class RestoreTest {
    private static final Entry ENTRY = new Entry("100644", "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");

    @TempDir
    Path folder;

    private GitRepo repo;
    private SnapshotStore store;

    @BeforeEach
    void create() throws IOException {
        repo = GitRepo.create(folder.resolve("repo"));
        repo.write("run", "#!/bin/sh\n").write("gone", "g\n").write("dir/file", "d\n");
        repo.executable("run", true);
        Files.createSymbolicLink(repo.path("link"), Path.of("readme"));
        repo.commitAll();
        repo.write("readme", "dirty before\n").write("untracked", "before\n");
        store = GitRepo.store(folder);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private List<PathChange> work() throws IOException {
        Snapshot before = store.take(repo.repository());
        repo.write("readme", "changed\n")
                .write("untracked", "changed\n")
                .delete("gone")
                .write("new/file", "n");
        repo.executable("run", false);
        repo.delete("link").write("link", "a file now").delete("dir").write("dir", "a file now");
        return store.diff(repo.repository()).changes(before, store.take(repo.repository()));
    }

    private Restore.Result restore(List<PathChange> changes, boolean dryRun) throws IOException {
        return new Restore(store).restore(repo.repository(), changes, dryRun);
    }

    @Test
    void everyKindOfChangeIsUndoneAndACopyKept() throws IOException {
        Map<String, String> before = repo.files();
        List<PathChange> changes = work();
        Map<String, String> after = repo.files();

        Restore.Result would = restore(changes, true);
        assertThat(repo.files()).isEqualTo(after);
        Restore.Result result = restore(changes, false);

        assertThat(result.restored()).isEqualTo(would.restored()).hasSize(changes.size());
        assertThat(result.kept()).isEmpty();
        assertThat(repo.files()).isEqualTo(before);
        Path copies = requireNonNull(result.copies());
        assertThat(copies.resolve("readme")).hasContent("changed\n");
        assertThat(copies.resolve("new/file")).hasContent("n");
        assertThat(restore(changes, false).kept().values()).containsOnly("it is already as before");
    }

    @Test
    void aFileChangedSinceStays() throws IOException {
        List<PathChange> changes = work();
        repo.write("readme", "edited since\n");

        Restore.Result result = restore(changes, false);

        assertThat(result.kept()).isEqualTo(Map.of(RepoPath.plain("readme"), "it has changed since"));
        assertThat(Files.readString(repo.path("readme"))).isEqualTo("edited since\n");
        assertThat(Files.readString(repo.path("untracked"))).isEqualTo("before\n");
    }

    @Test
    void noPathLeavesTheRepositoryOrReachesItsGit() throws IOException {
        List<String> paths = List.of(
                "../out",
                "a/../../out",
                "/etc/out",
                ".git/config",
                ".GIT/config",
                "sub/.git/config",
                ".git./config",
                ".git /config",
                "git~1/config",
                "GIT~1",
                ".g\u200cit/config",
                ".git::$INDEX_ALLOCATION/config",
                "a//b",
                "./a",
                "");

        Restore.Result result = restore(
                paths.stream()
                        .map(path -> new PathChange(RepoPath.plain(path), ENTRY, null))
                        .toList(),
                false);

        assertThat(result.restored()).isEmpty();
        assertThat(result.kept())
                .hasSize(paths.size())
                .allSatisfy((path, reason) -> assertThat(reason).contains("outside the repository"));
    }

    @Test
    void noPathGoesThroughALink() throws IOException {
        Path outside = Files.createDirectories(folder.resolve("outside"));
        repo.write("sub/file", "old");
        Snapshot before = store.take(repo.repository());
        repo.delete("sub/file");
        List<PathChange> changes = store.diff(repo.repository()).changes(before, store.take(repo.repository()));
        repo.delete("sub");
        Files.createSymbolicLink(repo.path("sub"), outside);

        Restore.Result result = restore(changes, false);

        assertThat(result.restored()).isEmpty();
        assertThat(result.kept().get(RepoPath.plain("sub/file"))).contains("behind a symbolic link");
        assertThat(outside).isEmptyDirectory();
    }

    @Test
    void aFileWithAFilterStays() throws IOException {
        List<PathChange> changes = work();
        repo.write(".gitattributes", "readme filter=lfs\n");

        assertThat(restore(changes, false).kept()).containsOnlyKeys(RepoPath.plain("readme"));
    }

    @Test
    void restoringNothingWritesNothing() throws IOException {
        assertThat(restore(List.of(), false)).isEqualTo(new Restore.Result(List.of(), Map.of(), null));
    }
}
