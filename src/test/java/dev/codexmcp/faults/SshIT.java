package dev.codexmcp.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.testkit.ProcessProbe;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Workers on a real ssh server: prompts and environment arrive, and nothing is left, whatever ends. */
@Tag("hosts")
class SshIT {
    private static @Nullable Cluster running;

    @TempDir
    Path scratch;

    private @Nullable ShellClient server;

    @BeforeAll
    static void bringUp() throws Exception {
        running = Cluster.up();
    }

    @AfterAll
    static void bringDown() throws Exception {
        if (running != null) {
            running.down();
        }
    }

    @AfterEach
    void killWhatIsLeft() {
        if (server != null) {
            server.close();
        }
        ProcessProbe.inDirectory(scratch).kill();
    }

    private ShellClient start() {
        if (running == null) {
            throw new IllegalStateException("no cluster");
        }
        ShellCodex.install(scratch);
        ShellClient started = ShellCodexServer.in(scratch)
                .with("CODEX_MCP_LAUNCHERS", running.sshLauncher())
                .with("CODEX_MCP_LAUNCHER", "node")
                .with("CODEX_MCP_LEASE_SECONDS", "6")
                .with("OPENAI_API_KEY", "it's \"a\nkey\"")
                .with("SECRET", "of the server")
                .with("CODEX_MCP_LAUNCHER_ENV", "PATH") // where the workers find beat
                .start();
        server = started;
        started.initialize();
        return started;
    }

    @ParameterizedTest
    @ValueSource(strings = {"cancel", "forced cancel", "stdin closed", "TERM", "KILL", "kill of ssh"})
    void nothingIsLeftAfter(String end) {
        ShellClient client = start();
        WorkerTree tree = WorkerTree.in(scratch, "tree");
        String job = client.spawn(tree.stubbornScript());
        tree.awaitAllAtWork();

        switch (end) {
            case "cancel" -> assertThat(client.cancel(job, false)).isTrue();
            case "forced cancel" -> assertThat(client.cancel(job, true)).isTrue();
            case "stdin closed" -> client.closeStdin();
            case "kill of ssh" ->
                client.process().children().forEach(child -> {
                    if (child.info().command().orElse("").endsWith("/ssh")) {
                        child.destroyForcibly();
                    }
                });
            default -> client.signal(end);
        }

        tree.awaitGone();
        if (end.equals("kill of ssh")) {
            client.awaitEnd(job);
            JsonNode status = Responses.json(client.get(client.ask("codex_status", ShellClient.job(job))));
            assertThat(status.path("reason").asText()).isEqualTo("lost");
        }
    }

    @Test
    void aLongPromptAndTheNeededVariablesArriveAndNoOthers() {
        ShellClient client = start();
        String job = client.call(
                        "codex_spawn",
                        Map.of(
                                "prompt",
                                ": " + "x".repeat(900_000) + "\n[ \"$OPENAI_API_KEY\" = 'it'\"'\"'s \"a\nkey\"' ] && "
                                        + "[ -z \"$SECRET\" ] && [ \"$PWD\" = '" + scratch
                                        + "' ] && echo 'grüße' >arrived"))
                .json()
                .path("jobId")
                .asText();

        client.awaitEnd(job);

        assertThat(client.status(job)).isEqualTo("done");
        assertThat(scratch.resolve("arrived")).hasContent("grüße");
    }
}
