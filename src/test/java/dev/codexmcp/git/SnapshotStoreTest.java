package dev.codexmcp.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.git.Snapshot.Omission;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a snapshot includes, and what it does not touch. */
class SnapshotStoreTest {
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

    private Snapshot take() throws IOException {
        return store.take(repo.repository());
    }

    /** The changes as words: {@code A path}, {@code M path}, {@code D path}. */
    private List<String> changes(Snapshot from, Snapshot to) throws IOException {
        return store.diff(repo.repository()).changes(from, to).stream()
                .map(change -> (change.before() == null ? "A " : change.after() == null ? "D " : "M ") + change.path())
                .toList();
    }

    @Test
    void aCleanTreeIsTheTreeOfHead() throws IOException {
        assertThat(take().tree()).isEqualTo(repo.git("rev-parse", "HEAD^{tree}").strip());
    }

    @Test
    void seesEveryKindOfChangeAndWritesNothingToTheRepository() throws IOException {
        repo.write(".gitignore", "*.log\n")
                .write("gone", "x")
                .write("run.sh", "echo")
                .write("dir/a", "a")
                .write("becomes-dir", "f");
        repo.commitAll();
        repo.write("readme", "dirty before");
        Snapshot before = take();
        Map<String, String> git = GitRepo.everything(repo.path(".git"));

        repo.delete("gone")
                .write("new/file", "new")
                .write("debug.log", "ignored")
                .write("nul", new byte[] {0, 1, 2});
        repo.executable("run.sh", true);
        repo.delete("dir").write("dir", "now a file");
        repo.delete("becomes-dir").write("becomes-dir/child", "c");
        Files.createSymbolicLink(repo.path("link"), Path.of("readme"));
        Snapshot after = take();

        assertThat(changes(before, after))
                .containsExactly(
                        "D becomes-dir",
                        "A becomes-dir/child",
                        "A dir",
                        "D dir/a",
                        "D gone",
                        "A link",
                        "A new/file",
                        "A nul",
                        "M run.sh");
        assertThat(take().tree()).as("unchanged since").isEqualTo(after.tree());
        repo.delete("nul").delete("new");
        assertThat(changes(after, take())).containsExactly("D new/file", "D nul");
        assertThat(GitRepo.everything(repo.path(".git"))).isEqualTo(git);
    }

    @Test
    void aFolderThatBecomesALinkIsNotFollowed() throws IOException {
        repo.write("sub/a", "a").write("elsewhere/a", "other");
        repo.commitAll();
        Snapshot before = take();
        repo.delete("sub");
        Files.createSymbolicLink(repo.path("sub"), repo.path("elsewhere"));

        assertThat(changes(before, take())).containsExactly("A sub", "D sub/a");
    }

    @Test
    void specialFilesDoNotBlockASnapshot() throws IOException {
        repo.write("tracked", "x");
        repo.commitAll();
        Snapshot before = take();
        repo.delete("tracked");
        GitRepo.exec(repo.root(), new byte[0], List.of("mkfifo", "tracked", "pipe"));

        assertThat(changes(before, take())).containsExactly("D tracked");
    }

    @Test
    void namesMayContainAnyBytes() throws IOException {
        Snapshot before = take();
        List<RepoPath> names = Stream.of(
                        "new\nline", "\"quoted\"", "tab\there", "back\\slash", "ü", " blank ", "-dash", ":colon", "*")
                .map(RepoPath::plain)
                .toList();
        RepoPath bytes = RepoPath.ofBytes(new byte[] {(byte) 0xFF, 'a', (byte) 0xFE}, 0, 3);
        for (RepoPath name : names) {
            Files.writeString(name.under(repo.root()), "content");
        }
        Files.writeString(bytes.under(repo.root()), "content");

        List<PathChange> changes = store.diff(repo.repository()).changes(before, take());

        assertThat(changes)
                .extracting(PathChange::path)
                .containsAll(names)
                .contains(bytes)
                .hasSize(names.size() + 1);
        assertThat(bytes.text()).isEqualTo("\"\\377a\\376\"");
        assertThat(changes)
                .allSatisfy(
                        change -> assertThat(RepoPath.of(change.path().text())).isEqualTo(change.path()));
    }

    @Test
    void largeUntrackedFilesAreOmittedAndTheirChangesNotReported() throws IOException {
        repo.write("grows", "small").write("large", new byte[10_000_001]);
        Snapshot before = take();
        repo.write("grows", new byte[10_000_001]).write("large", "small now");
        Snapshot after = take();

        assertThat(before.omitted()).isEqualTo(Map.of(RepoPath.plain("large"), Omission.TOO_LARGE));
        assertThat(after.omitted()).isEqualTo(Map.of(RepoPath.plain("grows"), Omission.TOO_LARGE));
        assertThat(changes(before, after)).isEmpty();
        repo.git("add", "large");
        assertThat(changes(after, take())).as("the same whether tracked or not").isEmpty();
    }

    @Test
    void untrackedFilesAreStoredUpToATotalLimit() throws IOException {
        repo.write("a", "1234").write("b", "1234").write("c", "1234");

        Snapshot snapshot = store.take(repo.repository(), 100, 8);
        assertThat(snapshot.omitted()).isEqualTo(Map.of(RepoPath.plain("c"), Omission.TOO_MUCH));
    }

    @Test
    void filesAddedCommittedOrIgnoredMeanwhileAreNotDeletions() throws IOException {
        repo.write("a", "a").write("b", "b").write("c", "c");
        Snapshot before = take();
        repo.git("add", "a");
        repo.git("commit", "-qm", "a");
        repo.write(".gitignore", "b\n");
        repo.git("add", ".gitignore");

        assertThat(changes(before, take())).containsExactly("A .gitignore");
        repo.delete("b");
        assertThat(changes(before, take())).containsExactly("A .gitignore", "D b");
    }

    @Test
    void anUnbornBranchHasSnapshotsToo() throws IOException {
        repo = GitRepo.unborn(folder.resolve("unborn"));
        Snapshot empty = take();
        repo.write("a", "a");
        Snapshot one = take();
        repo.git("add", "-N", "a");
        repo.write("a", "aa");

        assertThat(changes(empty, one)).containsExactly("A a");
        assertThat(changes(one, take())).containsExactly("M a");
    }

    @Test
    void anUnfinishedMergeShowsTheFilesAsTheyAre() throws IOException {
        repo.git("checkout", "-qb", "other");
        repo.write("readme", "theirs\n");
        repo.commitAll();
        repo.git("checkout", "-q", "main");
        repo.write("readme", "ours\n");
        repo.commitAll();
        Snapshot before = take();
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> repo.git("merge", "-q", "other")))
                .isNotNull();

        assertThat(changes(before, take())).containsExactly("M readme");
    }

    @Test
    void anUnreadableFileIsOmitted() throws IOException {
        repo.write("secret", "s").write("tracked", "t");
        repo.git("add", "tracked");
        repo.git("commit", "-qm", "tracked");
        Snapshot before = take();
        repo.write("tracked", "changed").write("secret", "changed");
        for (String name : List.of("secret", "tracked")) {
            Files.setPosixFilePermissions(repo.path(name), Set.of());
        }
        Assumptions.assumeFalse(Files.isReadable(repo.path("secret")), "root reads everything");
        Snapshot after = take();

        assertThat(after.omitted())
                .isEqualTo(Map.of(
                        RepoPath.plain("secret"), Omission.UNREADABLE, RepoPath.plain("tracked"), Omission.UNREADABLE));
        assertThat(changes(before, after)).isEmpty();
    }

    @Test
    void filesThatChangeDuringASnapshotDoNotFailIt() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
            try {
                for (int i = 0; !stop.get(); i++) {
                    repo.write("busy" + i % 5, new byte[i % 2 == 0 ? 3_000_000 : 100]);
                    repo.delete("busy" + (i + 2) % 5);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        for (int i = 0; i < 10; i++) {
            take();
        }
        stop.set(true);
        writer.get(1, TimeUnit.MINUTES);
        Snapshot before = take();

        assertThat(changes(before, take())).isEmpty();
        assertThat(repo.git("ls-files", "--others").lines().map(RepoPath::plain).toList())
                .hasSize(store.diff(repo.repository())
                        .changes(repo.git("rev-parse", "HEAD^{tree}").strip(), before.tree())
                        .size());
    }

    @Test
    void aLockOnTheIndexIsNotNeeded() throws IOException {
        repo.write(".git/index.lock", "");
        Snapshot before = take();
        repo.write("readme", "changed");

        assertThat(changes(before, take())).containsExactly("M readme");
    }

    @Test
    void objectsAreDeletedWithTheStoreAndThoseOfADeadStoreByTheNext() throws IOException {
        Path snapshots = folder.resolve("state/snapshots");
        Files.createDirectories(snapshots.resolve("1-2-left/objects"));
        repo.write("new", "x");
        take();
        try (SnapshotStore other = GitRepo.store(folder)) {
            assertThat(other.take(repo.repository()).tree()).isEqualTo(take().tree());
            assertThat(snapshots.resolve("1-2-left")).doesNotExist();
        }
        store.close();

        try (Stream<Path> left = Files.list(snapshots)) {
            assertThat(left.filter(Files::isDirectory)).isEmpty();
        }
    }
}
