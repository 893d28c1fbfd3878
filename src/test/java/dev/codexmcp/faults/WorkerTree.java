package dev.codexmcp.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.testkit.Polling;
import dev.codexmcp.testkit.ProcessProbe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A worker with descendants of every kind, each of which writes to its own file in the tree's folder: the worker
 * itself, a child, a grandchild, one in its own session, a daemon whose parent has died, and a child with an empty
 * environment.
 */
record WorkerTree(Path directory) {
    private static final List<String> BEATS = List.of("worker", "child", "grandchild", "session", "daemon", "bare");

    private static final String SCRIPT = """
            beat child &
            sh -c 'beat grandchild & wait' &
            setsid beat session &
            (setsid beat daemon </dev/null >/dev/null 2>&1 &)
            env -i PATH="$PATH" beat bare &
            exec beat worker
            """;

    static WorkerTree in(Path scratch, String name) {
        try {
            return new WorkerTree(Files.createDirectories(scratch.resolve(name)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A worker whose tree ends on SIGTERM. */
    String script() {
        return "cd '" + directory + "'\n" + SCRIPT;
    }

    /** A worker whose tree ignores SIGTERM. */
    String stubbornScript() {
        return "trap '' TERM\n" + script();
    }

    void awaitAllAtWork() {
        Polling.until("writers in " + directory, () -> written().keySet().containsAll(BEATS));
    }

    /** How many bytes each has written so far. */
    Map<String, Long> written() {
        Map<String, Long> sizes = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                sizes.put(file.getFileName().toString(), Files.size(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return sizes;
    }

    /** Waits until no process of the tree is left, then checks that nothing more is written. */
    void awaitGone() {
        ProcessProbe.inDirectory(directory).awaitNone();
        Map<String, Long> written = written();
        Polling.on("silence")
                .during(Duration.ofMillis(200))
                .untilAsserted(() -> assertThat(written()).isEqualTo(written));
    }

    /** Waits until each has written more. */
    void awaitStillAtWork() {
        Map<String, Long> before = written();
        Polling.until(
                "writers in " + directory + " to continue",
                () -> BEATS.stream()
                        .allMatch(beat -> written().getOrDefault(beat, 0L) > before.getOrDefault(beat, 0L)));
    }
}
