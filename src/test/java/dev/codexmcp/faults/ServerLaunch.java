package dev.codexmcp.faults;

import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** How to start a server: in a folder, with an environment that holds nothing else, perhaps by way of another program. */
record ServerLaunch(Path directory, List<String> by, Map<String, String> environment) {
    /** With the codex of {@link ShellCodex} in this folder, which is the server's own too. */
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

    /** By a program that ends by becoming the server, such as {@code setsid}. */
    ServerLaunch by(String... program) {
        return new ServerLaunch(directory, List.of(program), environment);
    }

    /** With socket pairs, not pipes, as stdin and stdout. Its exit code will be in the file {@code exit} of its folder. */
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

    /** Without anybody who reads what the server prints. */
    Server startUnread() {
        return new Server(this);
    }
}
