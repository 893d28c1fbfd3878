package dev.codexmcp.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.git.Attribution.By;
import dev.codexmcp.git.LedgerWorld.Deed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.jspecify.annotations.Nullable;

/** Compares the ledger with the truth, with random writers in random order. */
class ChangeLedgerPropertyTest {
    private static final List<String> NAMES = List.of("a", "b", "dir/c", "dir/d", "e f", "ü");

    @Property(tries = 2000)
    void noJobIsBlamedForAnothersChange(@ForAll long seed) throws Exception {
        LedgerWorld world = new LedgerWorld(seed, LedgerWorld.inMemory(), NAMES);
        world.run(40);
        check(world);
    }

    @Property(tries = 8, shrinking = ShrinkingMode.OFF)
    void noJobIsBlamedForAnothersChangeInARepository(@ForAll long seed) throws Exception {
        Path folder = Files.createTempDirectory("ledger");
        GitRepo repo = GitRepo.create(folder.resolve("repo"));
        try (SnapshotStore store = GitRepo.store(folder)) {
            LedgerWorld world = new LedgerWorld(seed, onDisk(repo, store), NAMES);
            world.run(15);
            check(world);
        } finally {
            Folders.delete(folder);
        }
    }

    private static void check(LedgerWorld world) {
        Set<RepoPath> claimed = new HashSet<>();
        for (String job : world.jobs) {
            for (Attribution found : world.ledger.changes(job)) {
                RepoPath path = found.path();
                claimed.add(path);
                boolean didIt = world.deeds.stream()
                        .anyMatch(deed -> deed.who().equals(job) && deed.path().equals(path));
                switch (found.by()) {
                    case PATCH ->
                        assertThat(world.deeds)
                                .as("%s is certain about %s", job, path)
                                .anyMatch(deed -> deed.patch()
                                        && deed.who().equals(job)
                                        && deed.path().equals(path));
                    case COMMAND ->
                        assertThat(didIt || userDid(world, job, path))
                                .as("%s, alone, %s", job, path)
                                .isTrue();
                    case UNKNOWN ->
                        assertThat(found.jobs()).contains(job).matches(jobs -> jobs.size() > 1 || world.isSilent(job));
                }
            }
            for (Deed deed : world.deeds) {
                if (deed.who().equals(job) && deed.patch()) {
                    assertThat(world.ledger.changes(job))
                            .anyMatch(found -> found.path().equals(deed.path()) && found.by() == By.PATCH);
                }
            }
        }
        for (RepoPath path : claimed) {
            assertThat(world.deeds)
                    .as("%s changed only while no worker ran", path)
                    .anyMatch(deed -> deed.path().equals(path)
                            && (!deed.who().equals(LedgerWorld.USER)
                                    || !world.running.get(deed.step()).isEmpty()));
        }
        everyChangeOfAJobIsFound(world);
    }

    private static boolean userDid(LedgerWorld world, String job, RepoPath path) {
        return world.deeds.stream()
                .anyMatch(deed -> deed.who().equals(LedgerWorld.USER)
                        && deed.path().equals(path)
                        && world.running.get(deed.step()).contains(job));
    }

    /** A path that only this job has changed, and that differs at the end, is in its list. */
    private static void everyChangeOfAJobIsFound(LedgerWorld world) {
        for (Deed deed : world.deeds) {
            boolean alone = world.deeds.stream()
                    .filter(other -> other.path().equals(deed.path()))
                    .allMatch(other -> other.who().equals(deed.who()));
            long steps = world.changed.stream()
                    .filter(paths -> paths.contains(deed.path()))
                    .count();
            if (alone && steps == 1 && !deed.who().equals(LedgerWorld.USER)) {
                assertThat(world.ledger.changes(deed.who()))
                        .anyMatch(found -> found.path().equals(deed.path()));
            }
        }
    }

    private static LedgerWorld.Tree onDisk(GitRepo repo, SnapshotStore store) {
        return new LedgerWorld.Tree() {
            private @Nullable Snapshot last;

            @Override
            public void put(String path, @Nullable String state) throws IOException {
                repo.delete(path);
                if (state == null) {
                    return;
                }
                Files.createDirectories(repo.path(path).getParent());
                if (state.startsWith("l")) {
                    Files.createSymbolicLink(repo.path(path), Path.of(state));
                } else {
                    repo.write(path, state.startsWith("b") ? "\0" + state : state.substring(1));
                    repo.executable(path, state.startsWith("x"));
                }
            }

            @Override
            public List<PathChange> snapshot() throws IOException {
                Snapshot before = last;
                Snapshot now = store.take(repo.repository());
                last = now;
                return before == null
                        ? List.of()
                        : store.diff(repo.repository()).changes(before, now);
            }
        };
    }
}
