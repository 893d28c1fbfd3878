package dev.codexmcp.e2e;

import dev.codexmcp.testkit.CodexHome;
import dev.codexmcp.testkit.McpClient;
import dev.codexmcp.testkit.McpServerCommand;
import dev.codexmcp.testkit.ModelServer;
import dev.codexmcp.testkit.ProcessProbe;
import dev.codexmcp.testkit.ScratchFolders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The set-up of an end-to-end test: a model, a home for the CLI that uses it, a folder for the workers, and servers.
 * Every process of the test has a cookie in its environment. After the test the servers are closed, and the fixture
 * waits until no process has the cookie.
 *
 * <p>Its folders are below {@code target}, not in the temp directory, which is writable in the sandbox.
 */
final class EndToEndFixture implements BeforeEachCallback, AfterEachCallback {

    private static final Path TARGET = Path.of("target", "e2e").toAbsolutePath();
    private static final String COOKIE = "CODEX_E2E_TEST";

    private final String cookie = UUID.randomUUID().toString();
    private final ModelServer model = ModelServer.start();
    private final Deque<McpClient> clients = new ArrayDeque<>();
    private Path folder = TARGET;
    private CodexHome home = CodexHome.create(TARGET.resolve("home"), model);

    @Override
    public void beforeEach(ExtensionContext context) {
        String test = context.getRequiredTestClass().getSimpleName() + "-"
                + context.getRequiredTestMethod().getName();
        folder = ScratchFolders.fresh(TARGET.resolve(test));
        home = CodexHome.create(folder.resolve("home"), model);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        try {
            while (!clients.isEmpty()) {
                clients.pop().close();
            }
            if (context.getExecutionException().isEmpty()) {
                processes().awaitNone();
            }
        } finally {
            processes().kill();
            model.close();
        }
    }

    ModelServer model() {
        return model;
    }

    CodexHome home() {
        return home;
    }

    /** Configures the home again, beyond the default; call it before starting the first server. */
    CodexHome.Builder newHome() {
        return CodexHome.in(home.directory(), model.baseUrl());
    }

    /** A new folder of this test. */
    Path folder(String name) {
        try {
            return Files.createDirectories(folder.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException("can't create folder " + name, e);
        }
    }

    /** The default folder of workers. */
    Path workspace() {
        return folder("workspace");
    }

    /** All live processes of this test. */
    ProcessProbe processes() {
        return ProcessProbe.withVariable(COOKIE, cookie);
    }

    /** The command that starts the server, as a client's configuration names it. */
    static List<String> command() {
        return List.of(Objects.requireNonNull(System.getProperty("codexmcp.launcher"), "codexmcp.launcher is not set"));
    }

    /** The environment with which the server runs this CLI. */
    Map<String, String> environment(CliVariant cli) {
        Map<String, String> environment = new HashMap<>(home.environment());
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("CODEX_MCP_CODEX_BIN", cli.path().toString());
        environment.put("CODEX_MCP_NATIVE", cli == CliVariant.NPM_SCRIPT ? "off" : "on");
        environment.put(COOKIE, cookie);
        return environment;
    }

    /** A server that is to run npm's CLI, in a folder of its own, for a test that wants something special of it. */
    McpServerCommand server() {
        return McpClient.server(command())
                .environment(environment(CliVariant.NPM))
                .directory(folder("server"));
    }

    /** A server that runs npm's CLI, closed after the test. */
    McpClient start() {
        return start(server());
    }

    /** A server that runs this CLI, closed after the test. */
    McpClient start(CliVariant cli) {
        return start(server().environment(environment(cli)));
    }

    /** A server, closed after the test. */
    McpClient start(McpServerCommand server) {
        McpClient client = server.start();
        clients.push(client);
        return client;
    }
}
