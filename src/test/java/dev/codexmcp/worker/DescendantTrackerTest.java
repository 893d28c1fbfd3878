package dev.codexmcp.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.testkit.Polling;
import dev.codexmcp.testkit.ProcessProbe;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A worker's descendants are recognized by parent, cookie or session, and stay known. */
@EnabledOnOs(OS.LINUX)
class DescendantTrackerTest {
    private static final String VARIABLE = "DESCENDANT_TRACKER_TEST";

    @TempDir
    Path scratch;

    private final String cookie = UUID.randomUUID() + "/job";
    private final DescendantTracker tracker = new DescendantTracker(VARIABLE, null);
    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void killAll() {
        ProcessProbe.inDirectory(scratch).kill();
        started.forEach(Process::destroyForcibly);
    }

    /** Starts a shell in a folder with this name, still unknown to the tracker. */
    private Process start(String name, Map<String, String> environment, String script) throws IOException {
        Path folder = Files.createDirectories(scratch.resolve(name));
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", script).directory(folder.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        started.add(process);
        Polling.until(name + " is up", () -> Files.exists(folder.resolve("up")));
        return process;
    }

    private Set<Long> known() {
        tracker.look();
        return tracker.descendants(cookie).stream().map(ProcessHandle::pid).collect(Collectors.toSet());
    }

    private Set<Long> atWork(String name) {
        return ProcessProbe.inDirectory(scratch.resolve(name)).find().stream()
                .map(ProcessProbe.Found::pid)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Set<Long> atWorkExcept(Process root) {
        Set<Long> all = atWork("tree");
        all.remove(root.pid());
        return all;
    }

    @Test
    void findsDescendantsStartedBeforeTheWorkerWasFollowed() throws Exception {
        Process root = start(
                "tree",
                Map.of(VARIABLE, "outer/job " + cookie),
                "env -i sleep 1000 & (setsid sleep 1000 &); sh -c 'sleep 1000 & touch up; wait' & wait");

        tracker.follow(root.toHandle(), cookie);

        Polling.until("five processes", () -> atWork("tree").size() == 5);
        assertThat(known()).isEqualTo(atWorkExcept(root));
    }

    @Test
    void remembersDescendantsThatLoseParentAndEnvironment() throws Exception {
        Process root = start(
                "tree",
                Map.of(),
                "setsid env -i sh -c 'setsid sleep 1000 & touch up; until [ -e go ]; do :; done' & wait");
        tracker.follow(root.toHandle(), cookie);
        Polling.until("three processes", () -> known().size() == 2);

        Files.createFile(scratch.resolve("tree/go"));
        root.waitFor();

        Polling.until("one process", () -> atWork("tree").size() == 1);
        assertThat(known()).containsAll(atWork("tree"));
        tracker.prune();
        assertThat(known()).isEqualTo(atWork("tree"));
    }

    @Test
    void recognizesAnOrphanByASessionTheWorkerCreated() throws Exception {
        Process root = start(
                "tree",
                Map.of(),
                "setsid sh -c '(env -i sleep 1000 & env -i sleep 1000 &) ; touch up; exec sleep 1000' & wait");
        tracker.follow(root.toHandle(), cookie);

        Polling.until("four processes", () -> atWork("tree").size() == 4);
        assertThat(known()).isEqualTo(atWorkExcept(root));
    }

    @Test
    void ignoresUnrelatedProcessesAndOtherWorkersDescendants() throws Exception {
        Process root = start("tree", Map.of(VARIABLE, cookie), "touch up; exec sleep 1000");
        tracker.follow(root.toHandle(), cookie);
        Process other = start("other", Map.of(VARIABLE, cookie + "2"), "sleep 1000 & touch up; wait");
        tracker.follow(other.toHandle(), cookie + "2");
        start("nobody", Map.of("TEXT", VARIABLE + "=" + cookie), "setsid sleep 1000 & touch up; wait");

        Polling.until("all", () -> ProcessProbe.inDirectory(scratch).find().size() == 5);
        assertThat(known()).isEmpty();
        assertThat(tracker.descendants(cookie + "2")).hasSize(1);
    }

    @Test
    void missesNoneOfManyShortLivedProcesses() throws Exception {
        Process root = start(
                "tree",
                Map.of(VARIABLE, cookie),
                "i=0; while [ $i -lt 600 ]; do /bin/true; i=$((i + 1)); done; env -i sleep 1000 & touch up; wait");
        tracker.follow(root.toHandle(), cookie);

        Polling.until("two processes", () -> atWork("tree").size() == 2);
        assertThat(known()).isEqualTo(atWorkExcept(root));
    }

    /** The cost of a cancel must not depend on how many processes the machine runs. */
    @Test
    void examinesOnlyNewProcesses() throws Exception {
        NewProcesses processes = new NewProcesses();
        Process old = start("old", Map.of(), "touch up; exec sleep 1000");
        assertThat(processes.look()).contains(1L, old.pid());
        Polling.until("a look without the old", () -> !processes.look().contains(old.pid()));

        Process young = start("young", Map.of(), "touch up; exec sleep 1000");

        assertThat(processes.look()).contains(young.pid()).doesNotContain(1L, old.pid());
    }

    @Test
    void distinguishesProcessesFromThreadsAndZombies() {
        long self = ProcessHandle.current().pid();

        assertThat(ProcFs.stat(self)).hasValueSatisfying(stat -> {
            assertThat(stat.isRunning()).isTrue();
            assertThat(stat.thread()).isFalse();
            assertThat(stat.parent())
                    .isEqualTo(ProcessHandle.current().parent().orElseThrow().pid());
        });
        String[] threads = new File("/proc/self/task").list();
        assertThat(threads).isNotNull();
        for (String thread : threads) {
            boolean other = Long.parseLong(thread) != self;
            assertThat(ProcFs.stat(Long.parseLong(thread))
                            .map(ProcFs.Stat::thread)
                            .orElse(other))
                    .as(thread)
                    .isEqualTo(other);
        }
        assertThat(ProcFs.stat(ProcFs.pidLimit() + 1)).isEmpty();
    }
}
