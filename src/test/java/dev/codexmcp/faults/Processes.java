package dev.codexmcp.faults;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** Who is at work in a folder: a process keeps its working directory whatever becomes of its parent, session or environment. */
public final class Processes {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private Processes() {}

    /** The living processes whose working directory is this one or below it, with their command lines. */
    public static Map<Long, String> in(Path directory) {
        Map<Long, String> found = new TreeMap<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            Path real = directory.toRealPath();
            for (Path process : all) {
                try {
                    Path place = Files.readSymbolicLink(process.resolve("cwd"));
                    if (place.startsWith(real)) {
                        byte[] command = Files.readAllBytes(process.resolve("cmdline"));
                        found.put(
                                Long.valueOf(process.getFileName().toString()),
                                new String(command, StandardCharsets.UTF_8).replace('\0', ' ') + "in " + place);
                    }
                } catch (IOException e) {
                    // It has just ended.
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    /** Waits until nobody is at work there. */
    public static void awaitNone(Path directory) {
        await("processes in " + directory)
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInSameThread()
                .pollInterval(Duration.ofMillis(20))
                .until(() -> in(directory), Map::isEmpty);
    }

    /** Kills whoever is at work there. */
    static void kill(Path directory) {
        in(directory).keySet().forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    }
}
