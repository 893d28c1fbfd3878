package dev.codexmcp.install.os;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** A command's output and its questions to the user. */
public final class Terminal {
    private final PrintStream out;
    private final PrintStream err;
    private final BufferedReader in;

    public Terminal(PrintStream out, PrintStream err, InputStream in) {
        this.out = out;
        this.err = err;
        this.in = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    }

    /** The standard streams of the process. */
    public static Terminal ofProcess() {
        return new Terminal(System.out, System.err, System.in);
    }

    public void print(String line) {
        out.println(line);
    }

    public void error(String line) {
        err.println(line);
    }

    /** Asks a yes-or-no question. Anything but an explicit yes means no. */
    public boolean confirms(String question) {
        out.print(question + " [y/N] ");
        out.flush();
        try {
            String answer = in.readLine();
            if (answer == null) {
                out.println();
            }
            return answer != null && answer.strip().matches("(?i)y|yes");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
