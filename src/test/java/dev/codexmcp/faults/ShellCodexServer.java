package dev.codexmcp.faults;

import dev.codexmcp.testkit.McpClient;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * How to start a server that runs {@link ShellCodex}.
 *
 * @param directory the server's working directory, which holds the codex as well
 * @param by the program that starts the server, with its arguments; empty if none does
 * @param environment the server's whole environment
 */
record ShellCodexServer(Path directory, List<String> by, Map<String, String> environment) {
    private static final String LAUNCHER = Objects.requireNonNull(System.getProperty("codexmcp.launcher"));

    /** Undoes what the tests' parent ignores: under {@code nohup}, a server would ignore SIGHUP too. Empty if env can't. */
    private static final List<String> DEFAULT_SIGNALS = defaultSignals();

    private static List<String> defaultSignals() {
        List<String> command = List.of("/usr/bin/env", "--default-signal");
        try {
            Process trial = new ProcessBuilder("/usr/bin/env", "--default-signal", "true").start();
            return trial.waitFor() == 0 ? command : List.of();
        } catch (IOException e) {
            return List.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    /** With the {@link ShellCodex} in this directory, which is the server's own too. */
    static ShellCodexServer in(Path directory) {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("PATH", directory.resolve("bin") + ":/usr/local/bin:/usr/bin:/bin");
        environment.put("HOME", directory.toString());
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("CODEX_MCP_CODEX_BIN", directory.resolve("bin/codex").toString());
        return new ShellCodexServer(directory, List.of(), environment);
    }

    ShellCodexServer with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(environment);
        more.put(name, value);
        return new ShellCodexServer(directory, by, more);
    }

    /** By a program that ends by becoming the server, such as {@code setsid}. */
    ShellCodexServer by(String... program) {
        return new ShellCodexServer(directory, List.of(program), environment);
    }

    /** With socket pairs instead of pipes as stdin and stdout. The file {@code exit} in the directory receives the exit code. */
    ShellCodexServer overSocketPairs() {
        try {
            URL program = Objects.requireNonNull(ShellCodexServer.class.getResource("/clients/socket-pair.mjs"));
            return by(
                    "node",
                    Path.of(program.toURI()).toString(),
                    directory.resolve("exit").toString());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    ShellClient start() {
        ShellClient client = startUnread();
        client.startReading();
        return client;
    }

    /** Starts the server and leaves its stdout unread. */
    ShellClient startUnread() {
        return new ShellClient(McpClient.server(List.of(LAUNCHER))
                .through(Stream.concat(DEFAULT_SIGNALS.stream(), by.stream()).toList())
                .directory(directory)
                .onlyEnvironment(environment)
                .forgetAnswers());
    }
}
