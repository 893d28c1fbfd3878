package dev.codexmcp.worker.remote;

import dev.codexmcp.worker.ProcessStarter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * A shell process that outlives the server for as long as its remote workers need to end. At EOF on a pipe that only the server
 * holds, it does what the server would have done: it gives the leases, which have ended with the server, time to take effect, sends
 * SIGTERM to the launchers, ends the workers by name, and kills the launchers.
 */
final class RemoteWatchdog {
    private static final Path SETSID = Path.of("/usr/bin/setsid");

    /** The entries of all workers, by name. Guarded by {@code this}, like the next fields. */
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    private final Map<String, Integer> codes = new HashMap<>();
    private @Nullable Process process;

    private record Entry(long pid, int code) {
        String line() {
            return "+ " + pid + " " + code + "\n";
        }
    }

    /**
     * Adds a worker.
     *
     * @param pid of its launcher
     * @param reapCode shell code, one line, that ends it by name
     */
    synchronized void add(String name, long pid, String reapCode) {
        boolean running = process != null && process.isAlive();
        Integer known = codes.get(reapCode);
        int code = known == null ? codes.size() : known;
        codes.put(reapCode, code);
        Entry entry = new Entry(pid, code);
        entries.put(name, entry);
        if (!running) {
            start();
        } else {
            send((known == null ? define(reapCode, code) : "") + entry.line());
        }
    }

    /** Removes a worker of which nothing is left. */
    synchronized void remove(String name) {
        Entry entry = entries.remove(name);
        if (entry != null) {
            send("- " + entry.pid() + "\n");
        }
    }

    private static String define(String reapCode, int code) {
        return "= " + code + " " + reapCode + "\n";
    }

    private void start() {
        if (!System.getProperty("os.name", "").equals("Linux")) {
            return;
        }
        ProcessBuilder builder = new ProcessBuilder();
        if (Files.isExecutable(SETSID)) {
            builder.command().add(SETSID.toString());
        }
        builder.command()
                .addAll(List.of("/bin/sh", "-c", ShellText.script("remote-watchdog.sh"), "codex-mcp-remote-watchdog"));
        builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD);
        try {
            process = ProcessStarter.start(builder);
            StringBuilder lines = new StringBuilder();
            codes.forEach((reapCode, code) -> lines.append(define(reapCode, code)));
            entries.values().forEach(entry -> lines.append(entry.line()));
            send(lines.toString());
        } catch (IOException e) {
            LoggerFactory.getLogger(RemoteWatchdog.class)
                    .warn(
                            "Cannot start the watchdog: if the server is killed with SIGKILL, remote workers may keep running ({})",
                            e.getMessage());
        }
    }

    private void send(String lines) {
        if (process == null) {
            return;
        }
        try {
            OutputStream out = process.getOutputStream();
            out.write(lines.getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException e) {
            // It has died; the next worker's start replaces it.
        }
    }
}
