package dev.codexmcp.process;

import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small shell outside the JVM that outlives it by a moment: it waits for the end of a pipe that this process alone holds,
 * and then kills every process that carries this server's mark. So a server that is killed outright leaves no worker.
 *
 * <p>It goes by the mark in the environment, which only what this server started can carry; a process number that has been
 * given to somebody else is never signalled. Linux only: elsewhere the environment of a process can't be read by a shell.
 */
public final class Guardian {
    /**
     * Reads until end of file; then kills the marked processes, until twice in a row none is found, since one that is just
     * being started can't be seen yet.
     */
    private static final String SCRIPT = """
            trap '' HUP INT TERM
            while read -r line; do :; done
            quiet=0
            rounds=0
            while [ $quiet -lt 2 ] && [ $rounds -lt 50 ]; do
              found=
              for file in $(grep -lzE "^$1" /proc/[0-9]*/environ 2>/dev/null); do
                pid=${file#/proc/}
                kill -9 "${pid%/environ}" 2>/dev/null && found=yes
              done
              rounds=$((rounds + 1))
              if [ "$found" ]; then quiet=0; else quiet=$((quiet + 1)); sleep 0.2; fi
            done
            """;

    private Guardian() {}

    /**
     * Starts the guardian. It needs no word at the end: the pipe's end is the word.
     *
     * @param markEntry how the environment entry of everything to be killed begins, {@code NAME=prefix}; holds no character
     *     that means anything to a regular expression
     */
    public static void start(String markEntry) {
        if (!System.getProperty("os.name", "").equals("Linux")) {
            return;
        }
        ProcessBuilder builder = new ProcessBuilder(List.of("/bin/sh", "-c", SCRIPT, "codex-mcp-guardian", markEntry));
        builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD);
        try {
            builder.start();
        } catch (IOException e) {
            Logger log = LoggerFactory.getLogger(Guardian.class);
            log.warn("No guardian: workers would outlive a server that is killed outright ({})", e.getMessage());
        }
    }
}
