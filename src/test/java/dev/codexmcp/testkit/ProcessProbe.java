package dev.codexmcp.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Looks for live processes in Linux's {@code /proc}: those of a worker's tree, for example, even if they have left it. A
 * cookie in the environment is the surest sign, since every child inherits it, in every sandbox mode. Zombies do not count, nor
 * does the process that looks.
 */
public final class ProcessProbe {

    /** A live process. */
    public record Found(long pid, long parent, List<String> command, List<String> environment, String directory) {
        @Override
        public String toString() {
            return pid + " (child of " + parent + ", in " + directory + "): " + TestJson.cut(String.join(" ", command));
        }
    }

    private final String description;
    private final Predicate<Found> condition;

    private ProcessProbe(String description, Predicate<Found> condition) {
        this.description = description;
        this.condition = condition;
    }

    /** Processes with this variable in their environment. */
    public static ProcessProbe withVariable(String name, String value) {
        String entry = name + "=" + value;
        return new ProcessProbe(entry, process -> process.environment().contains(entry));
    }

    /** Processes of one job's tree, by the cookie that the server puts into the environment of every worker. */
    public static ProcessProbe ofJob(String jobId) {
        return new ProcessProbe(
                "cookie of job " + jobId,
                process -> process.environment().stream()
                        .anyMatch(entry -> entry.startsWith("CODEX_MCP_JOB=") && entry.endsWith("/" + jobId)));
    }

    /** The process with this id. */
    public static ProcessProbe withId(long pid) {
        return new ProcessProbe("id " + pid, process -> process.pid() == pid);
    }

    /** Processes with exactly this command line. */
    public static ProcessProbe running(String... command) {
        return new ProcessProbe(
                String.join(" ", command), process -> process.command().equals(List.of(command)));
    }

    /** Processes whose command line holds this text: note that a worker's prompt is part of it. */
    public static ProcessProbe withCommand(String part) {
        return new ProcessProbe(
                "command " + part,
                process -> String.join(" ", process.command()).contains(part));
    }

    /** Processes that work in this directory or below it. */
    public static ProcessProbe inDirectory(Path directory) {
        Path top;
        try {
            top = directory.toRealPath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new ProcessProbe(
                "directory " + top,
                process -> !process.directory().isEmpty()
                        && Path.of(process.directory()).startsWith(top));
    }

    /** Processes that this probe or the other finds. */
    public ProcessProbe or(ProcessProbe other) {
        return new ProcessProbe(description + " or " + other.description, condition.or(other.condition));
    }

    /** Processes that both probes find. */
    public ProcessProbe and(ProcessProbe other) {
        return new ProcessProbe(description + " and " + other.description, condition.and(other.condition));
    }

    /** Processes that this probe finds and the other does not. */
    public ProcessProbe butNot(ProcessProbe other) {
        return new ProcessProbe(description + " but not " + other.description, condition.and(other.condition.negate()));
    }

    /** The processes that live now. */
    public List<Found> find() {
        try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
            return entries.filter(entry -> entry.getFileName().toString().matches("\\d+"))
                    .flatMap(entry -> read(entry).stream())
                    .filter(process -> process.pid() != ProcessHandle.current().pid())
                    .filter(condition)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("no processes can be seen in /proc", e);
        }
    }

    /** Kills the processes that live now. */
    public void kill() {
        find().forEach(found -> ProcessHandle.of(found.pid()).ifPresent(ProcessHandle::destroyForcibly));
    }

    /** Waits until no such process lives. */
    public void awaitNone() {
        awaitNone(Polling.LIMIT);
    }

    /** Waits until no such process lives. */
    public void awaitNone(Duration limit) {
        Polling.poll(limit, () -> find().isEmpty(), () -> "processes with " + description + " live on: " + find());
    }

    /** Waits until at least this many such processes live, and returns them. */
    public List<Found> awaitSome(int count) {
        List<Found> found = new ArrayList<>();
        Polling.poll(
                Polling.LIMIT,
                () -> {
                    found.clear();
                    return found.addAll(find()) && found.size() >= count;
                },
                () -> found.size() + " of " + count + " processes with " + description + ": " + found);
        return List.copyOf(found);
    }

    /** Empty if the process is dead or dies meanwhile. Its environment is empty if the system does not show it. */
    private static List<Found> read(Path entry) {
        try {
            String stat = Files.readString(entry.resolve("stat"), StandardCharsets.ISO_8859_1);
            // The name in parentheses may hold anything; after it come the state and the parent.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", 3);
            if (fields[0].equals("Z") || fields[0].equals("X")) {
                return List.of();
            }
            long pid = Long.parseLong(entry.getFileName().toString());
            Path directory = Files.readSymbolicLink(entry.resolve("cwd"));
            return List.of(new Found(
                    pid,
                    Long.parseLong(fields[1]),
                    strings(entry.resolve("cmdline")),
                    environment(entry),
                    directory.toString()));
        } catch (IOException e) {
            return List.of();
        }
    }

    private static List<String> environment(Path entry) {
        try {
            return strings(entry.resolve("environ"));
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Texts that each end with a zero byte. */
    private static List<String> strings(Path file) throws IOException {
        String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        return text.isEmpty()
                ? List.of()
                : Arrays.asList(text.replaceFirst("\0\\z", "").split("\0", -1));
    }
}
