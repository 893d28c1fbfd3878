package dev.codexmcp.worker;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * A small shell outside the JVM that outlives it by a moment: it waits for the end of a pipe that this process alone holds,
 * and then kills every process that carries this server's mark. So a server that is killed outright leaves no worker.
 *
 * <p>It goes by the mark in the environment, which only what this server started can carry, and by parentage from there on,
 * since a worker may start things with an environment of their own. A process number that has been given to somebody else is
 * never signalled. Linux only: elsewhere a shell can't read the environment of a process.
 */
public final class Watchdog {
    /** Gives a program a session of its own, out of reach of the signals that the server's group gets. */
    private static final Path SETSID = Path.of("/usr/bin/setsid");

    private final String variable;
    private final String prefix;
    private @Nullable Process process;
    private boolean armed;

    /**
     * A watchdog that is not there yet. Neither word holds a character that means anything to a regular expression.
     *
     * @param variable of the environment, in which the marks of a process stand
     * @param prefix how the mark of everything to be killed begins
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
            tell(Set.of());
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

    /** Tells which processes are ours though it may no longer be seen by then; these take the place of those told before. */
    synchronized void tell(Collection<ProcessHandle> known) {
        if (process == null) {
            return;
        }
        StringBuilder line = new StringBuilder();
        for (ProcessHandle handle : known) {
            ProcessTable.startTime(handle)
                    .ifPresent(start ->
                            line.append(handle.pid()).append(':').append(start).append(' '));
        }
        try {
            OutputStream out = process.getOutputStream();
            out.write(line.append('\n').toString().getBytes(StandardCharsets.US_ASCII));
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
