package dev.codexmcp.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.terminal.spi.SystemStream;
import org.jline.terminal.spi.TerminalProvider;

/** Where a command prints. */
final class Console {
    /** The width of a line if the output is not a terminal, in columns. */
    private static final int WIDE = 200;

    private final PrintStream out;
    private final PrintStream err;
    private final Map<String, String> environment;
    private final boolean terminal;

    Console(PrintStream out, PrintStream err, Map<String, String> environment, boolean terminal) {
        this.out = out;
        this.err = err;
        this.environment = environment;
        this.terminal = terminal;
    }

    /** The streams of the process, in UTF-8 whatever the locale says. */
    static Console ofProcess() {
        return new Console(
                new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8),
                new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
                System.getenv(),
                isTerminal(1));
    }

    private static boolean isTerminal(int descriptor) {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                    .toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException e) {
            return isTerminalElsewhere(descriptor == 0 ? SystemStream.Input : SystemStream.Output);
        }
    }

    /** Without Linux's list of open files, asks a program. */
    private static boolean isTerminalElsewhere(SystemStream stream) {
        try {
            return TerminalProvider.load("exec").isSystemStream(stream);
        } catch (IOException e) {
            return false;
        }
    }

    void print(String line) {
        out.println(line);
    }

    void error(String line) {
        err.println("codex-mcp-server: " + line);
    }

    Map<String, String> environment() {
        return environment;
    }

    /** Whether the output is a terminal. */
    boolean isTerminal() {
        return terminal;
    }

    /** Whether the input is a terminal too. */
    boolean isInteractive() {
        return terminal && isTerminal(0) && !"dumb".equals(environment.get("TERM"));
    }

    boolean hasColor() {
        return terminal
                && environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !"dumb".equals(environment.getOrDefault("TERM", "dumb"));
    }

    /** Whether writing has failed because the reader has gone. */
    boolean isBroken() {
        return out.checkError();
    }

    /** The window's width in columns. */
    int width() {
        if (!terminal) {
            return WIDE;
        }
        try (Terminal window = TerminalBuilder.builder()
                .provider("exec")
                .system(true)
                .dumb(true)
                .build()) {
            int columns = window.getSize().getColumns();
            return columns > 0 ? columns : 80;
        } catch (IOException | RuntimeException e) {
            return 80;
        }
    }
}
