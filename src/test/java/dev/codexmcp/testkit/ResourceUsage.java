package dev.codexmcp.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The resources that a process holds at one moment.
 *
 * @param threads how many there are of each name, without those that the JDK keeps for a minute, such as its compiler's and its
 *     process reaper
 * @param descriptors open files, pipes and the like
 * @param residentKib resident memory
 */
public record ResourceUsage(Map<String, Integer> threads, int descriptors, long residentKib) {
    private static final Pattern USED = Pattern.compile("used (\\d+)K");

    public static ResourceUsage of(long pid) throws IOException {
        Path process = Path.of("/proc", String.valueOf(pid));
        Map<String, Integer> threads = new TreeMap<>();
        try (Stream<Path> tasks = Files.list(process.resolve("task"))) {
            for (Path task : tasks.toList()) {
                String name = name(task);
                if (!name.isEmpty() && !name.contains("CompilerThre") && !name.equals("process reaper")) {
                    threads.merge(name, 1, Integer::sum);
                }
            }
        }
        int descriptors;
        try (Stream<Path> files = Files.list(process.resolve("fd"))) {
            descriptors = (int) files.count();
        }
        long resident = 0;
        for (String line : Files.readAllLines(process.resolve("status"))) {
            if (line.startsWith("VmRSS:")) {
                resident = Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        return new ResourceUsage(threads, descriptors, resident);
    }

    private static String name(Path task) {
        try {
            return Files.readString(task.resolve("comm")).strip();
        } catch (IOException e) {
            return ""; // it has just exited
        }
    }

    int threadCount() {
        return threads.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** The same with only those threads for calls and workers that are kept for the next ones. */
    public ResourceUsage atRest() {
        Map<String, Integer> resting = new TreeMap<>(threads);
        resting.keySet().removeIf(name -> name.startsWith("worker-"));
        resting.put("call", 1);
        resting.put("pump", 6);
        return new ResourceUsage(resting, descriptors, residentKib);
    }

    /** Whether this is no more than the other, with threads compared by name. */
    public boolean within(ResourceUsage other) {
        return descriptors <= other.descriptors
                && threads.entrySet().stream()
                        .allMatch(entry -> entry.getValue() <= other.threads.getOrDefault(entry.getKey(), 0));
    }

    /** Has a JVM collect its garbage, and returns the bytes in its heap; empty if the JDK has no tool that reports them. */
    public static Optional<Long> heapBytes(long pid) throws IOException, InterruptedException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        if (!Files.isExecutable(jcmd)) {
            return Optional.empty();
        }
        run(jcmd, pid, "GC.run");
        Matcher used = USED.matcher(run(jcmd, pid, "GC.heap_info").replaceAll("(?s)Metaspace.*", ""));
        long kib = 0;
        while (used.find()) {
            kib += Long.parseLong(used.group(1));
        }
        return Optional.of(kib * 1024);
    }

    private static String run(Path jcmd, long pid, String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(jcmd.toString(), String.valueOf(pid), command)
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(said);
        }
        return said;
    }

    @Override
    public String toString() {
        return threadCount() + " threads, " + descriptors + " descriptors, " + residentKib / 1024 + " MiB resident";
    }
}
