package dev.codexmcp.faults;

import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** How to start a server: its folder, its whole environment, and perhaps a program that starts it. */
record ServerLaunch(Path directory, List<String> by, Map<String, String> environment) {
    /** Runs the server in this folder, with the codex of {@link ShellCodex} there. */
    static ServerLaunch in(Path directory) {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("PATH", directory.resolve("bin") + ":/usr/local/bin:/usr/bin:/bin");
        environment.put("HOME", directory.toString());
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("CODEX_MCP_CODEX_BIN", directory.resolve("bin/codex").toString());
        return new ServerLaunch(directory, List.of(), environment);
    }

    ServerLaunch with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(environment);
        more.put(name, value);
        return new ServerLaunch(directory, by, more);
    }

    /** Starts the server through a program that execs it, such as {@code setsid}. */
    ServerLaunch by(String... program) {
        return new ServerLaunch(directory, List.of(program), environment);
    }

    /**
     * Uses socket pairs, not pipes, as stdin and stdout. The exit code is written to the file {@code exit} in its
     * folder.
     */
    ServerLaunch overSocketPairs() {
        try {
            URL program = Objects.requireNonNull(ServerLaunch.class.getResource("/clients/socket-pair.mjs"));
            return by(
                    "node",
                    Path.of(program.toURI()).toString(),
                    directory.resolve("exit").toString());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    Server start() {
        Server server = startUnread();
        server.readAnswers();
        return server;
    }

    /** Starts the server without reading its output. */
    Server startUnread() {
        return new Server(this);
    }
}
