package dev.codexmcp.git;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** While files are restored, someone replaces one of their folders by a link that leads out of the tree, or into .git. */
class LinkSwapTest {
    @TempDir
    Path folder;

    /** The same files as the job has left, so that only the link tells them apart. */
    private static void fill(Path place) throws IOException {
        Files.createDirectories(place.resolve("sub"));
        Files.writeString(place.resolve("sub/config"), "by the job");
        Files.writeString(place.resolve("sub/new"), "by the job");
        Files.writeString(place.resolve("config"), "by the job");
    }

    /** Restores, with the swap before this step; returns whether there was such a step. */
    private boolean swapAt(int step, boolean git, Path top) throws IOException {
        GitRepo repo = GitRepo.create(top.resolve("repo"));
        repo.write("dir/sub/config", "before").write("dir/config", "before").write("dir/gone/x", "before");
        repo.commitAll();
        Path target = git ? repo.path(".git") : Files.createDirectories(top.resolve("outside"));
        try (SnapshotStore store = GitRepo.store(top)) {
            Snapshot before = store.take(repo.repository());
            repo.delete("dir");
            fill(repo.path("dir"));
            List<PathChange> changes = store.diff(repo.repository()).changes(before, store.take(repo.repository()));
            if (!git) {
                fill(target);
            }
            Map<String, String> untouched = GitRepo.everything(target);
            List<String> reached = new ArrayList<>();
            try {
                new Restore(store, name -> {
                            reached.add(name);
                            if (reached.size() == step) {
                                swap(repo, target);
                            }
                        })
                        .restore(repo.repository(), changes, false);
            } catch (IOException e) {
                assertThat(reached).hasSizeGreaterThanOrEqualTo(step);
            }
            if (reached.size() >= step) {
                assertThat(GitRepo.everything(target))
                        .as("swapped before step %s: %s", step, reached)
                        .isEqualTo(untouched);
            }
            return reached.size() >= step;
        }
    }

    private static void swap(GitRepo repo, Path target) {
        try {
            Files.move(repo.path("dir"), repo.path("dir.was"));
            Files.createSymbolicLink(repo.path("dir"), target);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void nothingOutsideTheTreeIsTouched() throws IOException {
        int step = 1;
        while (swapAt(step, false, Files.createDirectory(folder.resolve("outside-" + step)))) {
            step++;
        }
        assertThat(step).isGreaterThan(8);
    }

    @Test
    void nothingInGitIsTouched() throws IOException {
        int step = 1;
        while (swapAt(step, true, Files.createDirectory(folder.resolve("git-" + step)))) {
            step++;
        }
        assertThat(step).isGreaterThan(8);
    }
}
