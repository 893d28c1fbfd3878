package dev.codexmcp;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A short training run in which the JVM records the classes the server needs. {@code scripts/codex-mcp-server --train}
 * turns the record into a class archive that speeds up later starts. The run covers what every session does: the
 * handshake, the list of tools, the spawn of a reader and of a writer in a git repository, a wait, events and a result.
 */
final class Training {
    /** Stands in for the Codex CLI: prints one line of each common kind. */
    private static final String WORKER = """
            #!/bin/sh
            cat <<'END'
            {"type":"thread.started","thread_id":"01a1f747-b8c1-7f50-9c1b-aaaaaaaaaaaa"}
            {"type":"turn.started"}
            {"type":"item.completed","item":{"id":"item_0","type":"reasoning","text":"thinking"}}
            {"type":"item.started","item":{"id":"item_1","type":"command_execution","command":"ls","aggregated_output":"","exit_code":null,"status":"in_progress"}}
            {"type":"item.completed","item":{"id":"item_1","type":"command_execution","command":"ls","aggregated_output":"a\\n","exit_code":0,"status":"completed"}}
            {"type":"item.completed","item":{"id":"item_2","type":"file_change","changes":[{"path":"a","kind":"add"}],"status":"completed"}}
            {"type":"item.completed","item":{"id":"item_3","type":"agent_message","text":"done"}}
            {"type":"turn.completed","usage":{"input_tokens":1,"output_tokens":1}}
            END
            """;

    /** What makes a request one of MCP 2026-07-28. */
    private static final String STATELESS =
            "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":{}}";

    private static final Pattern JOB_ID = Pattern.compile("[0-9a-f]{8}-[0-9a-f-]{27}");

    private final PrintStream requests;
    private final BufferedReader answers;
    private final Path repository;
    private int id;

    private Training(PrintStream requests, BufferedReader answers, Path repository) {
        this.requests = requests;
        this.answers = answers;
        this.repository = repository;
    }

    /** Runs the session and returns when the server has stopped. */
    static void run() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("codex-mcp-training");
        try {
            Path worker = Files.writeString(folder.resolve("codex"), WORKER);
            Files.setPosixFilePermissions(worker, PosixFilePermissions.fromString("rwx------"));
            serve(environment(folder, worker), repository(folder));
        } finally {
            delete(folder);
        }
    }

    /** As the user's, but with the server's own settings, and with a state that does not outlive the run. */
    private static Map<String, String> environment(Path folder, Path worker) {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.keySet().removeIf(name -> name.startsWith("CODEX_MCP_"));
        environment.putAll(Map.of(
                "CODEX_MCP_CODEX_BIN", worker.toString(),
                "CODEX_MCP_MAX_JOBS", "1",
                "HOME", folder.toString(),
                "XDG_RUNTIME_DIR", folder.toString(),
                "XDG_STATE_HOME", folder.toString()));
        return environment;
    }

    /** The least that git takes for a repository, with a file in it. */
    private static Path repository(Path folder) throws IOException {
        Path repository = folder.resolve("repository");
        Path git = repository.resolve(".git");
        Files.createDirectories(git.resolve("objects"));
        Files.createDirectories(git.resolve("refs"));
        Files.writeString(git.resolve("HEAD"), "ref: refs/heads/main\n");
        Files.writeString(repository.resolve("file"), "");
        return repository;
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Collections.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static void serve(Map<String, String> environment, Path repository)
            throws IOException, InterruptedException {
        PipedOutputStream requests = new PipedOutputStream();
        PipedInputStream in = new PipedInputStream(requests, 1 << 16);
        PipedInputStream answers = new PipedInputStream(1 << 20);
        PipedOutputStream out = new PipedOutputStream(answers);
        Training client = new Training(
                new PrintStream(requests, true, StandardCharsets.UTF_8),
                new BufferedReader(new InputStreamReader(answers, StandardCharsets.UTF_8)),
                repository);
        Thread asking = new Thread(client::ask, "training");
        asking.setDaemon(true);
        asking.start();
        Main main = new Main(environment, in, new PrintStream(out, true));
        main.atSignal(); // created for its classes, not registered: this JVM must exit normally to write the archive
        main.serve();
    }

    private void ask() {
        try (requests) {
            request("initialize", "{\"protocolVersion\":\"2025-06-18\"}");
            requests.println("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
            request("tools/list", "{}");
            runJob("{\"prompt\":\"p\",\"workingDirectory\":\"" + repository + "\"}");
            String job = runJob("{\"prompt\":\"p\",\"sandbox\":\"read-only\",\"label\":\"l\"}");
            call("codex_status", "{\"jobId\":\"" + job + "\"}");
            call("codex_events", "{\"jobId\":\"" + job + "\"}");
            call("codex_result", "{\"jobId\":\"" + job + "\"}");
            call("codex_cancel", "{\"jobId\":\"" + job + "\"}");
            call("ping", "{}");
            request("server/discover", "{" + STATELESS + "}");
            request("tools/list", "{" + STATELESS + "}");
        } catch (IOException e) {
            System.err.println("The training run ended early: " + e);
        }
    }

    private String runJob(String arguments) throws IOException {
        Matcher spawned = JOB_ID.matcher(call("codex_spawn", arguments));
        String job = spawned.find() ? spawned.group() : "none";
        call("codex_wait_any", "{\"jobIds\":[\"" + job + "\"],\"timeoutMs\":20000}");
        return job;
    }

    private String call(String tool, String arguments) throws IOException {
        return request("tools/call", "{\"name\":\"" + tool + "\",\"arguments\":" + arguments + "}");
    }

    private String request(String method, String params) throws IOException {
        requests.println(
                "{\"jsonrpc\":\"2.0\",\"id\":" + ++id + ",\"method\":\"" + method + "\",\"params\":" + params + "}");
        return String.valueOf(answers.readLine());
    }
}
