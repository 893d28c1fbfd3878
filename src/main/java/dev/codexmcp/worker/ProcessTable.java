package dev.codexmcp.worker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The processes of this machine at one moment, and who belongs to whom. Belonging is found in two ways, since each alone
 * misses some: by parentage, which a process loses when its parent dies, and by the mark that every worker carries in its
 * environment, which is inherited whatever becomes of parent or session, but can be read on Linux only.
 *
 * <p>Signals go through {@link ProcessHandle}, which compares the start time first: a number that has meanwhile been given
 * to another process is not signalled.
 */
final class ProcessTable {
    private static final Path PROC = Path.of("/proc");

    /** Where the start time stands among the fields behind the name. */
    private static final int START = 19;

    private final Map<Long, List<ProcessHandle>> children = new HashMap<>();
    private final Map<String, List<ProcessHandle>> marked = new HashMap<>();

    private ProcessTable() {}

    /** Reads the table now; a process's marks are the words of its environment's {@code variable}. */
    static ProcessTable read(String variable) {
        ProcessTable table = new ProcessTable();
        byte[] entry = (variable + "=").getBytes(StandardCharsets.UTF_8);
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, ProcessTable::isNumber)) {
            for (Path process : processes) {
                // The handle first: should the number change hands now, its start time gives the newcomer away.
                ProcessHandle.of(Long.parseLong(process.getFileName().toString()))
                        .ifPresent(handle -> {
                            table.addParentage(handle);
                            for (String mark : marks(process, entry)) {
                                table.marked
                                        .computeIfAbsent(mark, m -> new ArrayList<>())
                                        .add(handle);
                            }
                        });
            }
        } catch (IOException e) {
            // No /proc on this system: parentage has to do.
            ProcessHandle.allProcesses().forEach(table::addParentage);
        }
        return table;
    }

    /**
     * All that {@code roots} have started and that still lives, roots among them excluded, and all that carries the mark.
     * A root that has died has no children here: its number may be another's by now.
     */
    Set<ProcessHandle> startedBy(Collection<ProcessHandle> roots, String mark) {
        Set<ProcessHandle> found = new LinkedHashSet<>(marked.getOrDefault(mark, List.of()));
        Deque<ProcessHandle> unexplored = new ArrayDeque<>(found);
        roots.stream().filter(ProcessHandle::isAlive).forEach(unexplored::add);
        for (ProcessHandle next = unexplored.poll(); next != null; next = unexplored.poll()) {
            for (ProcessHandle child : children.getOrDefault(next.pid(), List.of())) {
                if (found.add(child)) {
                    unexplored.add(child);
                }
            }
        }
        found.removeAll(roots);
        found.remove(ProcessHandle.current());
        return found;
    }

    /** Every process of whose marks one begins with this. */
    List<ProcessHandle> markedWith(String prefix) {
        List<ProcessHandle> found = new ArrayList<>();
        marked.forEach((mark, handles) -> {
            if (mark.startsWith(prefix)) {
                found.addAll(handles);
            }
        });
        found.remove(ProcessHandle.current());
        return found;
    }

    /** Whether the process lives; one that has died and waits for its parent to notice does not. */
    static boolean isRunning(ProcessHandle process) {
        if (!process.isAlive()) {
            return false;
        }
        List<String> stat = stat(process);
        return stat.isEmpty()
                ? process.isAlive()
                : !stat.get(0).equals("Z") && !stat.get(0).equals("X");
    }

    /** When the process began, in the system's own measure. */
    static Optional<String> startTime(ProcessHandle process) {
        List<String> stat = stat(process);
        return stat.size() <= START ? Optional.empty() : Optional.of(stat.get(START));
    }

    /** The fields of {@code /proc/PID/stat} behind the name, which may hold anything; none where that can't be read. */
    private static List<String> stat(ProcessHandle process) {
        try {
            String stat = Files.readString(PROC.resolve(process.pid() + "/stat"), StandardCharsets.ISO_8859_1);
            return List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
        } catch (IOException e) {
            return List.of();
        }
    }

    private void addParentage(ProcessHandle process) {
        process.parent()
                .ifPresent(parent -> children.computeIfAbsent(parent.pid(), p -> new ArrayList<>())
                        .add(process));
    }

    private static boolean isNumber(Path path) {
        char first = path.getFileName().toString().charAt(0);
        return first >= '0' && first <= '9';
    }

    private static List<String> marks(Path process, byte[] entry) {
        byte[] environment;
        try {
            environment = Files.readAllBytes(process.resolve("environ"));
        } catch (IOException e) {
            return List.of(); // gone, or another user's
        }
        for (int at = 0; at < environment.length; at++) {
            int end = at;
            while (end < environment.length && environment[end] != 0) {
                end++;
            }
            if (startsWith(environment, at, end, entry)) {
                int value = at + entry.length;
                return List.of(new String(environment, value, end - value, StandardCharsets.UTF_8).split(" ", -1));
            }
            at = end;
        }
        return List.of();
    }

    private static boolean startsWith(byte[] bytes, int at, int end, byte[] prefix) {
        return end - at >= prefix.length && Arrays.equals(bytes, at, at + prefix.length, prefix, 0, prefix.length);
    }
}
