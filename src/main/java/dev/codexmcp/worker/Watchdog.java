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
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * A small shell outside the JVM that outlives it by a moment: it waits for the end of a pipe that this process alone holds,
 * and then kills all that this server's workers are and have started. So a server that is killed outright leaves no worker.
 *
 * <p>It goes by what it has been told of (every worker from its start, and what a worker has started as soon as that was
 * seen), by the cookie in the environment, which only what this server started can carry, and by parentage from there on. A
 * process number that has been given to somebody else is never signalled. Linux only: elsewhere a shell can't read the
 * environment of a process.
 */
public final class Watchdog {
    /** Gives a program a session of its own, out of reach of the signals that the server's group gets. */
    private static final Path SETSID = Path.of("/usr/bin/setsid");

    private final String variable;
    private final String prefix;

    /** What lives as far as is known: start times by process number. Guarded by {@code this}, like all that follows. */
    private final Map<Long, Long> known = new HashMap<>();

    private @Nullable Process process;
    private boolean armed;

    /**
     * A watchdog that is not there yet. Neither word holds a character that means anything to a regular expression.
     *
     * @param variable of the environment, in which the cookies of a process stand
     * @param prefix how the cookie of everything to be killed begins
     */
    public Watchdog(String variable, String prefix) {
        this.variable = variable;
        this.prefix = prefix;
    }

    /** Sees that what is started from now on is guarded. At the end no word is needed: the pipe's end is the word. */
    public synchronized void ensureRunning() {
        prepare();
        if (!armed) {
            armed = true;
            StringBuilder lines = new StringBuilder("\n"); // there is something to guard, though nothing known yet
            known.forEach((pid, start) -> lines.append(line(pid, start)));
            tell(lines.toString());
        }
    }

    /** Starts the watchdog where there is none. Until {@link #ensureRunning} it has nothing to guard, and ends as its server does. */
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
                    .warn("No watchdog: workers would outlive a server that is killed outright ({})", e.getMessage());
        }
    }

    /**
     * This process is to be killed once the server is gone.
     *
     * @param start when it began, in clock ticks since the system's start
     */
    synchronized void add(long pid, long start) {
        Long before = known.put(pid, start);
        if (armed && (before == null || before != start)) {
            tell(line(pid, start));
        }
    }

    /** The process of this number has died. */
    synchronized void remove(long pid) {
        if (known.remove(pid) != null && armed) {
            tell(line(pid, null));
        }
    }

    private static String line(long pid, @Nullable Long start) {
        return pid + (start == null ? "" : " " + start) + "\n";
    }

    private void tell(String lines) {
        if (process == null) {
            return;
        }
        try {
            OutputStream out = process.getOutputStream();
            out.write(lines.getBytes(StandardCharsets.US_ASCII));
            out.flush();
        } catch (IOException e) {
            // It has died; the next worker's start brings another.
        }
    }

    private static String script() throws IOException {
        try (InputStream in = Watchdog.class.getResourceAsStream("watchdog.sh")) {
            return new String(Objects.requireNonNull(in, "watchdog.sh").readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
