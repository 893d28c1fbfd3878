package dev.codexmcp.git;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A working tree in which jobs and the user write at random, with the reports to the ledger, and the truth. A file's
 * state is a short text. Each event takes a second, so that a report never comes after the next event.
 */
final class LedgerWorld {
    /** The user's name in the truth. */
    static final String USER = "user";

    /** The storage of the files. */
    interface Tree {
        void put(String path, @Nullable String state) throws Exception;

        /** Takes a snapshot and returns the changes against the previous one. */
        List<PathChange> snapshot() throws Exception;
    }

    /** A change of a path, made in the given step. */
    record Deed(String who, RepoPath path, boolean patch, int step) {}

    private static final long SECOND = 1_000_000_000L;

    final ChangeLedger ledger = new ChangeLedger();
    final List<Deed> deeds = new ArrayList<>();
    final Set<String> jobs = new TreeSet<>();
    /** The paths that changed in each step, and the writers that ran. */
    final List<Set<RepoPath>> changed = new ArrayList<>();

    final List<Set<String>> running = new ArrayList<>();

    private final Random random;
    private final Tree tree;
    private final List<String> names;
    private final Map<String, String> files = new TreeMap<>();
    private final Set<String> alive = new TreeSet<>();
    private Set<String> ranInStep = new HashSet<>();
    private long now = 1;
    private int content;
    private boolean first = true;

    LedgerWorld(long seed, Tree tree, List<String> names) {
        this.random = new Random(seed);
        this.tree = tree;
        this.names = names;
    }

    void run(int events) throws Exception {
        for (int i = 0; i < random.nextInt(4); i++) {
            write(USER, false);
        }
        snapshot();
        for (int i = 0; i < events; i++) {
            int dice = random.nextInt(10);
            if (dice < 2 && alive.size() < 3) {
                start();
            } else if (dice < 3 && !alive.isEmpty()) {
                end(pick(alive));
            } else if (dice < 5) {
                write(USER, false);
            } else if (!alive.isEmpty()) {
                write(pick(alive), random.nextBoolean());
            }
        }
        for (String job : List.copyOf(alive)) {
            end(job);
        }
        write(USER, false);
        snapshot();
    }

    /** Whether the job has written nothing. */
    boolean isSilent(String job) {
        return deeds.stream().noneMatch(deed -> deed.who().equals(job));
    }

    private String pick(Set<String> from) {
        return List.copyOf(from).get(random.nextInt(from.size()));
    }

    private void start() throws Exception {
        String job = "job" + jobs.size();
        jobs.add(job);
        ledger.started(job, tick(), List.of());
        snapshot();
        alive.add(job);
        ranInStep.add(job);
    }

    private void end(String job) throws Exception {
        ledger.ended(job, tick());
        alive.remove(job);
        snapshot();
    }

    private long tick() {
        now += SECOND;
        return now;
    }

    private void snapshot() throws Exception {
        List<PathChange> changes = tree.snapshot();
        long began = tick();
        ledger.snapshot(began, tick(), changes);
        if (first) {
            first = false;
        } else {
            Set<RepoPath> paths = new HashSet<>();
            changes.forEach(change -> paths.add(change.path()));
            changed.add(paths);
            running.add(ranInStep);
        }
        ranInStep = new HashSet<>(alive);
    }

    /** An edit, a creation, a deletion, a rename, another mode, or the former content again. */
    private void write(String who, boolean patch) throws Exception {
        String path = names.get(random.nextInt(names.size()));
        String state = files.get(path);
        int dice = random.nextInt(10);
        if (dice < 2 && state != null) {
            put(who, path, null, patch);
        } else if (dice < 4 && state != null) {
            put(who, path, null, patch);
            put(who, names.get(random.nextInt(names.size())), state, patch);
        } else if (dice < 5 && state != null) {
            put(who, path, (state.startsWith("x") ? "-" : "x") + state.substring(1), patch);
        } else if (dice < 6) {
            put(who, path, "l" + random.nextInt(3), patch);
        } else if (dice < 7) {
            put(who, path, "b" + random.nextInt(3), patch);
        } else {
            put(who, path, "-" + (random.nextInt(3) == 0 ? random.nextInt(3) : content++), patch);
        }
    }

    private void put(String who, String path, @Nullable String state, boolean patch) throws Exception {
        if (Objects.equals(files.get(path), state)) {
            return;
        }
        long time = tick();
        if (!who.equals(USER)) {
            ledger.acted(who, time);
        }
        tree.put(path, state);
        deeds.add(new Deed(who, RepoPath.plain(path), patch, changed.size()));
        ChangeKind kind =
                files.get(path) == null ? ChangeKind.ADD : state == null ? ChangeKind.DELETE : ChangeKind.UPDATE;
        if (state == null) {
            files.remove(path);
        } else {
            files.put(path, state);
        }
        if (patch) {
            ledger.patched(who, RepoPath.plain(path), kind, tick());
        }
    }

    /** A tree in memory. */
    static Tree inMemory() {
        Map<String, String> now = new HashMap<>();
        Map<String, String> then = new HashMap<>();
        return new Tree() {
            private boolean taken;

            @Override
            public void put(String path, @Nullable String state) {
                if (state == null) {
                    now.remove(path);
                } else {
                    now.put(path, state);
                }
            }

            @Override
            public List<PathChange> snapshot() {
                List<PathChange> changes = new ArrayList<>();
                Set<String> all = new TreeSet<>(now.keySet());
                all.addAll(then.keySet());
                for (String path : all) {
                    if (taken && !Objects.equals(now.get(path), then.get(path))) {
                        changes.add(new PathChange(RepoPath.plain(path), entry(then.get(path)), entry(now.get(path))));
                    }
                }
                taken = true;
                then.clear();
                then.putAll(now);
                return changes;
            }
        };
    }

    private static @Nullable Entry entry(@Nullable String state) {
        return state == null ? null : new Entry(state.substring(0, 1), state.substring(1));
    }
}
