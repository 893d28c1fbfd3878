package dev.codexmcp.git;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The differences between two snapshots, and their patch. */
class TreeDiffTest {
    @TempDir
    Path folder;

    private GitRepo repo;
    private SnapshotStore store;

    @BeforeEach
    void create() throws IOException {
        repo = GitRepo.create(folder.resolve("repo"));
        store = GitRepo.store(folder);
        repo.write("lines", "1\n2\n3\n4\n5\n6\n7\n8\n").write("gone", "x\ny\n").write("bin", new byte[] {0, 1, 2, 3});
        repo.write("moved/from", "a long enough text\nto be known\nagain\nafter its move\n")
                .write("run", "#!/bin/sh\n");
        repo.commitAll();
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void change() throws IOException {
        repo.write("lines", "1\n2\n3\nfour\n5\n6\n7\n8\nnine\n").delete("gone").write("bin", new byte[] {0, 9, 9});
        repo.write("moved/to", Files.readAllBytes(repo.path("moved/from"))).delete("moved/from");
        repo.write("new ü\n\"", "1\n2").write("empty", "");
        repo.executable("run", true);
        Files.createSymbolicLink(repo.path("link"), Path.of("run"));
    }

    @Test
    void countsLinesAndDetectsRenames() throws IOException {
        Snapshot before = store.take(repo.repository());
        change();
        Snapshot after = store.take(repo.repository());
        TreeDiff diff = store.diff(repo.repository());

        assertThat(diff.files(diff.changes(before, after)))
                .containsExactlyInAnyOrder(
                        file("bin", ChangeKind.UPDATE, -1, -1),
                        file("empty", ChangeKind.ADD, 0, 0),
                        file("gone", ChangeKind.DELETE, 0, 2),
                        file("lines", ChangeKind.UPDATE, 2, 1),
                        file("link", ChangeKind.ADD, 1, 0),
                        new FileChange(
                                RepoPath.plain("moved/to"), ChangeKind.RENAME, RepoPath.plain("moved/from"), 0, 0),
                        file("new ü\n\"", ChangeKind.ADD, 2, 0),
                        file("run", ChangeKind.UPDATE, 0, 0));
        assertThat(diff.files(List.of())).isEmpty();
    }

    private static FileChange file(String path, ChangeKind kind, int added, int removed) {
        return new FileChange(RepoPath.plain(path), kind, null, added, removed);
    }

    @Test
    void thePatchInPiecesOfAnySizeGivesTheTree() throws IOException {
        Snapshot before = store.take(repo.repository());
        change();
        repo.write("large", "some line\n".repeat(200));
        Snapshot after = store.take(repo.repository());
        TreeDiff diff = store.diff(repo.repository());
        List<PathChange> changes = diff.changes(before, after);

        for (int most : new int[] {1_000_000, 700}) {
            ByteArrayOutputStream patch = new ByteArrayOutputStream();
            for (long at = 0; at >= 0; ) {
                TreeDiff.Page page = diff.patch(changes, at, most);
                assertThat(page.text()).hasSizeBetween(1, most);
                if (most == 700) {
                    assertThat(new String(page.text(), ISO_8859_1)).endsWith("\n");
                }
                patch.writeBytes(page.text());
                at = page.next();
            }
            repo.git("clone", "-q", ".", folder.resolve("fresh" + most).toString());
            GitRepo fresh = GitRepo.at(folder.resolve("fresh" + most));
            fresh.gitWithInput(patch.toByteArray(), "apply");
            assertThat(fresh.files()).isEqualTo(repo.files());
        }
        assertThat(diff.patch(List.of(), 0, 10)).extracting(TreeDiff.Page::next).isEqualTo(-1L);
    }

    @Test
    void filesOfOrdinarySizeAreNotCut() throws IOException {
        Snapshot before = store.take(repo.repository());
        for (int i = 0; i < 9; i++) {
            repo.write("f" + i, "diff --git a/x b/x\n".repeat(10));
        }
        Snapshot after = store.take(repo.repository());
        TreeDiff diff = store.diff(repo.repository());
        List<PathChange> changes = diff.changes(before, after);

        int pages = 0;
        for (long at = 0; at >= 0; pages++) {
            TreeDiff.Page page = diff.patch(changes, at, 1000);
            assertThat(new String(page.text(), ISO_8859_1))
                    .startsWith("diff --git a/f")
                    .contains("\n+diff");
            at = page.next();
        }
        assertThat(pages).isBetween(4, 9);
    }

    @Test
    void aLineThatDoesNotFitIsCut() throws IOException {
        Snapshot before = store.take(repo.repository());
        repo.write("lines", "a line that is longer than a page\n");
        TreeDiff diff = store.diff(repo.repository());
        List<PathChange> changes = diff.changes(before, store.take(repo.repository()));

        assertThat(diff.patch(changes, 0, 10)).satisfies(page -> {
            assertThat(new String(page.text(), ISO_8859_1)).isEqualTo("diff --git");
            assertThat(page.next()).isEqualTo(10);
        });
    }

    @Test
    void aJobsFilesAsShownInResults() throws IOException {
        Snapshot before = store.take(repo.repository());
        change();
        TreeDiff diff = store.diff(repo.repository());
        ChangeLedger ledger = new ChangeLedger();
        ledger.started("a", 1, List.of());
        ledger.snapshot(2, 3, List.of());
        ledger.patched("a", RepoPath.plain("moved/to"), ChangeKind.ADD, 2_000_000_000);
        ledger.patched("a", RepoPath.plain("ignored"), ChangeKind.ADD, 2_000_000_000);
        ledger.snapshot(3_000_000_000L, 3_000_000_001L, diff.changes(before, store.take(repo.repository())));

        assertThat(AttributedFile.of(diff, ledger.changes("a")))
                .hasSize(9)
                .contains(
                        new AttributedFile(file("gone", ChangeKind.DELETE, 0, 2), Attribution.By.COMMAND, Set.of()),
                        new AttributedFile(
                                new FileChange(
                                        RepoPath.plain("moved/to"),
                                        ChangeKind.RENAME,
                                        RepoPath.plain("moved/from"),
                                        0,
                                        0),
                                Attribution.By.COMMAND,
                                Set.of()),
                        new AttributedFile(file("ignored", ChangeKind.ADD, -1, -1), Attribution.By.PATCH, Set.of()));
    }

    @Test
    void aPatchOfSomePathsOnly() throws IOException {
        Snapshot before = store.take(repo.repository());
        change();
        TreeDiff diff = store.diff(repo.repository());
        List<PathChange> some = diff.changes(before, store.take(repo.repository())).stream()
                .filter(change -> change.path().isWithin(RepoPath.plain("moved"))
                        || change.path().equals(RepoPath.plain("run")))
                .toList();

        assertThat(diff.files(some)).extracting(change -> change.path().text()).containsExactly("moved/to", "run");
        assertThat(new String(diff.patch(some, 0, 10_000).text(), ISO_8859_1))
                .contains("rename to moved/to", "new mode 100755");
    }
}
