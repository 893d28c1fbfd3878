package dev.codexmcp.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
public final class Guardian {
    /**
     * Reads until end of file. Then finds the marked processes and what they have started, and stops each, until no more are
     * found, so that nothing is started behind its back; then kills them. Twice, since what is just being started can't be
     * seen yet.
     */
    private static final String SCRIPT = """
            trap '' HUP INT QUIT TERM TSTP
            while read -r line; do :; done

            catch() {
              case "$caught" in *" $1 "*) return ;; esac
              kill -STOP "$1" 2>/dev/null || return
              caught="$caught$1 "
              more=yes
            }

            for round in 1 2; do
              caught=' '
              more=yes
              while [ "$more" ]; do
                more=
                for file in $(grep -lzE "^$1=(.* )?$2" /proc/[0-9]*/environ 2>/dev/null); do
                  pid=${file#/proc/}
                  catch "${pid%/environ}"
                done
                while IFS='/:	 ' read -r _ _ pid _ _ parent; do
                  case "$caught" in *" $parent "*) catch "$pid" ;; esac
                done <<END
            $(grep -s '^PPid:' /proc/[0-9]*/status)
            END
              done
              for pid in $caught; do kill -KILL "$pid" 2>/dev/null; done
              [ $round = 2 ] || sleep 0.3
            done
            """;

    /** Gives a program a session of its own, out of reach of the signals that the server's group gets. */
    private static final Path SETSID = Path.of("/usr/bin/setsid");

    private final String variable;
    private final String prefix;
    private @Nullable Process process;

    /**
     * A guardian that is not there yet. Neither word holds a character that means anything to a regular expression.
     *
     * @param variable of the environment, in which the marks of a process stand
     * @param prefix how the mark of everything to be killed begins
     */
    public Guardian(String variable, String prefix) {
        this.variable = variable;
        this.prefix = prefix;
    }

    /** Starts the guardian where there is none. It needs no word at the end: the pipe's end is the word. */
    public synchronized void ensureRunning() {
        if ((process != null && process.isAlive())
                || !System.getProperty("os.name", "").equals("Linux")) {
            return;
        }
        ProcessBuilder builder = new ProcessBuilder();
        if (Files.isExecutable(SETSID)) {
            builder.command().add(SETSID.toString());
        }
        builder.command().addAll(List.of("/bin/sh", "-c", SCRIPT, "codex-mcp-guardian", variable, prefix));
        builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD);
        try {
            process = builder.start();
        } catch (IOException e) {
            LoggerFactory.getLogger(Guardian.class)
                    .warn("No guardian: workers would outlive a server that is killed outright ({})", e.getMessage());
        }
    }
}
