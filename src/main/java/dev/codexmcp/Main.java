package dev.codexmcp;

import dev.codexmcp.job.JobRegistry;
import dev.codexmcp.server.CodexMcpServer;
import dev.codexmcp.tool.ToolCatalog;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** Starts the server, and ends it with all its workers: at the end of standard input, or at a signal. */
public final class Main {
    private static final String USAGE = """
            codex-mcp-server: an MCP server over standard input and output that runs Codex workers side by side.

            usage: codex-mcp-server [--version | --help]

            It is started by an MCP client (Codex CLI, Claude Code, Cursor, ...) and needs the Codex CLI to run workers.
            Environment:
              CODEX_MCP_MAX_JOBS         running jobs at most (default 32)
              CODEX_MCP_DEFAULT_SANDBOX  read-only, workspace-write (default) or danger-full-access
              CODEX_MCP_CODEX_BIN        the Codex CLI to run (default: codex on PATH)
              CODEX_MCP_CALLBACK_URI     handed on to every worker; a call's callbackUri goes before it
              CODEX_MCP_LOG_LEVEL        error, warn (default), info or debug; logs go to standard error
              JAVA_HOME                  the Java to use, 17 or newer (default: java on PATH)
              CODEX_MCP_JAVA_OPTS        further flags for it""";

    private final JobRegistry registry;
    private final CodexMcpServer server;
    private boolean ended;

    private Main(ServerConfig config) {
        registry = new JobRegistry(config.cli(), config.maxJobs());
        // The raw streams: System.out is buffered, locks, and belongs to anyone who prints.
        server = new CodexMcpServer(
                new FileInputStream(FileDescriptor.in),
                new FileOutputStream(FileDescriptor.out),
                () -> new ToolCatalog(registry, config.defaultSandbox()),
                version(),
                this::clientGone);
    }

    public static void main(String[] arguments) throws InterruptedException, IOException {
        List<String> given = Arrays.asList(arguments);
        if (given.contains("--version")) {
            System.out.println("codex-mcp-server " + version());
            return;
        }
        if (given.contains("--help") || given.contains("-h")) {
            System.out.println(USAGE);
            return;
        }
        if (given.equals(List.of("--train"))) {
            Training.run();
            return;
        }
        if (!given.isEmpty()) {
            System.err.println("codex-mcp-server takes no argument \"" + given.get(0) + "\".\n\n" + USAGE);
            System.exit(2);
        }
        // Whatever prints to standard output from here on must not reach the client.
        System.setOut(System.err);
        Main main = new Main(ServerConfig.of(System.getenv(), System.err::println));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> main.end(false), "end"));
        main.server.run();
        main.end(true);
    }

    /** The client is gone, or as good as that: the main thread may be stuck, so this does not wait for it. */
    private void clientGone() {
        registry.close();
        end(false);
    }

    /** Ends the workers, then the process: at a signal too with 0, since nothing has failed. */
    private synchronized void end(boolean callsFirst) {
        if (!ended) {
            ended = true;
            try {
                if (callsFirst) {
                    server.finishCalls();
                }
                registry.close();
                server.finishAnswers();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        Runtime.getRuntime().halt(0);
    }

    private static String version() {
        String version = Main.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
