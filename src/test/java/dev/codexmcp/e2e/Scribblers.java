package dev.codexmcp.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.testkit.ModelScript;
import dev.codexmcp.testkit.Polling;
import dev.codexmcp.testkit.ProcessProbe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Shell loops that each keep writing to a file while they live: the shell started by the CLI, its child, one whose
 * parent is gone, and one in its own session.
 */
final class Scribblers {

    private static final List<String> FILES = List.of("shell.txt", "child.txt", "orphan.txt", "session.txt");

    private static final String COMMAND = """
            scribble() { while :; do echo "$1" >> "$1.txt"; sleep 0.05; done; }
            scribble child &
            (scribble orphan &)
            setsid bash -c "$(declare -f scribble); scribble session" < /dev/null > /dev/null 2>&1 &
            scribble shell""";

    private final Path folder;

    /** @param folder where the worker works */
    Scribblers(Path folder) {
        this.folder = folder;
    }

    /** A prompt that makes a worker start them; its turn lasts as long as they do. */
    String prompt() {
        return ModelScript.script().shell(COMMAND).say("ended").prompt();
    }

    /** Waits until all have started writing. */
    void awaitAll() {
        Polling.until("all write", () -> sizes().values().stream().allMatch(size -> size > 0));
    }

    /** The live processes in the folder. */
    List<ProcessProbe.Found> processes() {
        return ProcessProbe.inDirectory(folder).find();
    }

    /** Checks that all of them still write. */
    void assertAllBusy() {
        Map<String, Long> before = sizes();
        Polling.on("all write on")
                .untilAsserted(() -> assertThat(sizes())
                        .allSatisfy((file, size) -> assertThat(size).isGreaterThan(before.getOrDefault(file, 0L))));
    }

    /** Checks that no process is left in the folder, and that nothing is written any more. */
    void assertAllSilent() {
        assertThat(processes()).isEmpty();
        Map<String, Long> before = sizes();
        Polling.on("silence").during(Duration.ofMillis(200)).until(() -> sizes().equals(before));
    }

    private Map<String, Long> sizes() {
        Map<String, Long> sizes = new LinkedHashMap<>();
        for (String file : FILES) {
            sizes.put(file, size(folder.resolve(file)));
        }
        return sizes;
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0;
        }
    }
}
