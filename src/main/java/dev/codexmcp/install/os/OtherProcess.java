package dev.codexmcp.install.os;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Another process of this user, as Linux's {@code /proc} shows it.
 *
 * @param parent the command of the process that started it; empty if that has ended
 * @param environment what the process was started with, and the folder it is in now
 */
public record OtherProcess(long pid, List<String> command, List<String> parent, Environment environment) {
    private static final Path PROC = Path.of("/proc");

    public OtherProcess {
        command = List.copyOf(command);
        parent = List.copyOf(parent);
    }

    /** All that can be read; none on a system without {@code /proc}. */
    public static List<OtherProcess> all() {
        Optional<String> user = ProcessHandle.current().info().user();
        try (Stream<ProcessHandle> processes = ProcessHandle.allProcesses()) {
            return Files.isDirectory(PROC.resolve("self"))
                    ? processes
                            .filter(process -> process.info().user().equals(user))
                            .flatMap(process -> read(process).stream())
                            .toList()
                    : List.of();
        }
    }

    private static Optional<OtherProcess> read(ProcessHandle process) {
        Path folder = PROC.resolve(Long.toString(process.pid()));
        try {
            Map<String, String> variables = new LinkedHashMap<>();
            for (String variable : parts(folder.resolve("environ"))) {
                int equals = variable.indexOf('=');
                if (equals > 0) {
                    variables.put(variable.substring(0, equals), variable.substring(equals + 1));
                }
            }
            List<String> parent = process.parent()
                    .map(ProcessHandle::pid)
                    .map(pid -> command(PROC.resolve(Long.toString(pid))))
                    .orElse(List.of());
            Path directory = Files.readSymbolicLink(folder.resolve("cwd"));
            return Optional.of(
                    new OtherProcess(process.pid(), command(folder), parent, new Environment(variables, directory)));
        } catch (IOException | InvalidPathException e) {
            return Optional.empty(); // it has ended, or may not be read
        }
    }

    private static List<String> command(Path folder) {
        try {
            return parts(folder.resolve("cmdline"));
        } catch (IOException e) {
            return List.of();
        }
    }

    /** The parts of a file that separates them by null characters. */
    private static List<String> parts(Path file) throws IOException {
        String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        List<String> parts = new ArrayList<>(List.of(text.split("\0", -1)));
        parts.remove(parts.size() - 1); // behind the last null character
        return parts;
    }
}
