package dev.codexmcp.worker;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * A shell process that briefly outlives the JVM. At EOF on a pipe that only this process holds, it kills this server's
 * workers and all their descendants, so that a server killed with SIGKILL leaves no worker behind.
 *
 * <p>It finds them in three ways: the processes reported to it (every worker at its start, every descendant once seen),
 * the cookie in the environment, which only this server's processes can have, and parentage from there on. It never
 * signals a process that has reused an ID. Linux only: elsewhere a shell cannot read another process's environment.
 */
public final class Watchdog {
    /** Runs a program in its own session, out of reach of signals to the server's process group. */
    private static final Path SETSID = Path.of("/usr/bin/setsid");

    private static final long DISMISSAL_MILLIS = 100;

    private final String variable;
    private final String prefix;

    /**
     * The start times of the processes not known to have died, by process ID. Guarded by {@code this}, like the next
     * two fields.
     */
    private final Map<Long, Long> known = new HashMap<>();

    private @Nullable Process process;
    private boolean armed;

    /**
     * Does not start the process yet. Neither argument may contain a regular expression's special characters.
     *
     * @param variable the environment variable that holds cookies
     * @param prefix the start of the cookie of every process to be killed
     */
    public Watchdog(String variable, String prefix) {
        this.variable = variable;
        this.prefix = prefix;
    }

    /** Guards everything started from now on. EOF on the pipe is the shutdown signal. */
    public synchronized void ensureRunning() {
        prepare();
        if (!armed) {
            armed = true;
            StringBuilder lines = new StringBuilder("\n"); // arms the script even if no process is known yet
            known.forEach((pid, start) -> lines.append(line(pid, start)));
            send(lines.toString());
        }
    }

    /**
     * Starts the process if it is not running. Until {@link #ensureRunning} it guards nothing and just exits at EOF.
     */
    public synchronized void prepare() {
        if ((process != null && process.isAlive())
                || !System.getProperty("os.name", "").equals("Linux")) {
            return;
        }
        ProcessBuilder builder = new ProcessBuilder();
        if (Files.isExecutable(SETSID)) {
            builder.command().add(SETSID.toString());
        }
        builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD);
        try {
            builder.command().addAll(List.of("/bin/sh", "-c", script(), "codex-mcp-watchdog", variable, prefix));
            process = ProcessStarter.start(builder);
            armed = false;
        } catch (IOException e) {
            LoggerFactory.getLogger(Watchdog.class)
                    .warn(
                            "Cannot start the watchdog: if the server is killed with SIGKILL, workers will keep running ({})",
                            e.getMessage());
        }
    }

    /**
     * Adds a process to kill once the server is gone.
     *
     * @param start when it started, in clock ticks since boot
     */
    synchronized void add(long pid, long start) {
        Long before = known.put(pid, start);
        if (armed && (before == null || before != start)) {
            send(line(pid, start));
        }
    }

    /** Removes a process that has died. */
    synchronized void remove(long pid) {
        if (known.remove(pid) != null && armed) {
            send(line(pid, null));
        }
    }

    /**
     * Ends the process if nothing is left for it to kill: the server is about to end. Waits for a moment until it has gone, since the
     * JVM's own end would otherwise wait longer for the thread that waits for it.
     */
    synchronized void dismiss() throws InterruptedException {
        if (process != null && known.keySet().stream().noneMatch(this::isAlive)) {
            process.destroyForcibly().waitFor(DISMISSAL_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private boolean isAlive(long pid) {
        return ProcFs.stat(pid)
                .filter(stat -> stat.isRunning() && Objects.equals(known.get(pid), stat.start()))
                .isPresent();
    }

    private static String line(long pid, @Nullable Long start) {
        return pid + (start == null ? "" : " " + start) + "\n";
    }

    private void send(String lines) {
        if (process == null) {
            return;
        }
        try {
            OutputStream out = process.getOutputStream();
            out.write(lines.getBytes(StandardCharsets.US_ASCII));
            out.flush();
        } catch (IOException e) {
            // The watchdog has died; the next worker's start replaces it.
        }
    }

    private static String script() throws IOException {
        try (InputStream in = Watchdog.class.getResourceAsStream("watchdog.sh")) {
            return new String(Objects.requireNonNull(in, "watchdog.sh").readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
