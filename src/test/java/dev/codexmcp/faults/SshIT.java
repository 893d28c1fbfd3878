package dev.codexmcp.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.testkit.ProcessProbe;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Workers on a real ssh server: prompts and environment arrive, and nothing is left, whatever ends. */
@Tag("hosts")
class SshIT extends ClusterFixture {
    @ParameterizedTest
    @ValueSource(strings = {"cancel", "forced cancel", "stdin closed", "SIGTERM", "SIGKILL", "SIGKILL to everything"})
    void nothingIsLeftAfter(String end) throws Exception {
        ShellClient client = start("node");
        List<WorkerTree> trees = trees();
        List<String> jobs = spawn(client, trees);

        end(client, end, jobs);

        if (end.endsWith("cancel")) {
            awaitCanceled(client, jobs);
        }
        awaitNothingLeft(trees);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ssh", "sshd", "runner"})
    void aWorkerWhoseConnectionIsKilledIsLost(String killed) throws Exception {
        ShellClient client = start("node");
        List<WorkerTree> trees = trees();
        List<String> jobs = spawn(client, trees);

        signal(
                switch (killed) {
                    case "ssh" -> descendants(client, "-T");
                    case "sshd" -> cluster().sshSessions();
                    default ->
                        ProcessProbe.withCommand("codex-mcp-node")
                                .and(ofThisTest())
                                .butNot(ProcessProbe.withCommand("-T"))
                                .find();
                },
                "KILL");

        awaitLost(client, jobs);
        awaitNothingLeft(trees);
    }

    @Test
    void aWorkerBehindASilentNetworkIsLostAndEndsWithItsLease() throws Exception {
        ShellClient client = start(command("impatient"));
        List<WorkerTree> trees = trees();
        List<String> jobs = spawn(client, trees);

        List<ProcessProbe.Found> sessions = cluster().sshSessions();
        signal(sessions, "STOP"); // they pass nothing on, as a network that is down
        try {
            awaitLost(client, jobs);
            trees.forEach(WorkerTree::awaitGone);
        } finally {
            signal(sessions, "KILL");
        }
        awaitNothingLeft(trees);
    }

    @Test
    void aHostThatCannotBeReachedIsReportedAtOnce() throws Exception {
        ShellClient client = start(command("x")
                .with("CODEX_MCP_LAUNCHERS", "{\"x\":{\"command\":[\"ssh:127.0.0.1\"],\"options\":[\"-p1\"]}}"));

        String job = client.spawn("echo");
        client.awaitEnd(job);

        assertThat(status(client, job).path("reason").asText()).isEqualTo("start");
        assertThat(status(client, job).path("message").asText())
                .startsWith("ssh to 127.0.0.1 ended with exit code 255: ")
                .contains("Connection refused");
    }

    @Test
    void aLongPromptAndTheNeededVariablesArriveAndNoOthers() throws Exception {
        ShellClient client =
                start(command("node").with("OPENAI_API_KEY", "it's \"a\nkey\"").with("SECRET", "of the server"));
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
