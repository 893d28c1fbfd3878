package dev.codexmcp.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.testkit.FakeCodex;
import dev.codexmcp.testkit.JobTools;
import dev.codexmcp.testkit.McpClient;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole fleet in a few calls of the packaged server. */
class FleetIT {
    private static final List<String> SERVER =
            List.of(Objects.requireNonNull(System.getProperty("codexmcp.launcher"), "codexmcp.launcher is not set"));

    @TempDir
    private Path folder;

    private McpClient start(FakeCodex codex) {
        return McpClient.start(
                SERVER,
                Map.of(
                        "CODEX_MCP_CODEX_BIN", codex.program().toString(),
                        "JAVA_HOME", System.getProperty("java.home")));
    }

    @Test
    void aFleetIsTwoCalls() {
        try (FakeCodex codex = FakeCodex.brief(folder);
                McpClient client = start(codex)) {
            client.call(
                    "codex_spawn_group",
                    Map.of("jobs", List.of(Map.of("prompt", "a", "label", "a"), Map.of("prompt", "b", "label", "b"))));

            JsonNode answer = client.call("codex_wait", Map.of()).json();

            assertThat(answer.path("ended").findValuesAsText("label")).containsExactlyInAnyOrder("a", "b");
            assertThat(answer.path("ended").findValuesAsText("finalMessage")).containsExactly("hello", "hello");
            assertThat(answer.path("pending").path("running").asInt()).isZero();
            JsonNode again = client.call("codex_wait", Map.of()).json();
            assertThat(again.path("ended")).isEmpty();
            JsonNode repeated = client.call("codex_wait", Map.of("since", 0)).json();
            assertThat(repeated.path("ended")).hasSize(2);
        }
    }

    @Test
    void theListShowsWhatRunsAndACancelEndsItByItsLabel() {
        try (FakeCodex codex = FakeCodex.waitsAtTheGate(folder);
                McpClient client = start(codex)) {
            JobTools jobs = new JobTools(client);
            String one = jobs.spawn(Map.of("prompt", "p", "label", "fix-1"));
            String two = jobs.spawn(Map.of("prompt", "p", "label", "fix-2"));
            String other = jobs.spawn(Map.of("prompt", "p", "label", "other"));

            JsonNode list = client.call("codex_list", Map.of()).json();
            assertThat(list.path("jobs").findValuesAsText("jobId")).containsExactly(other, two, one);
            assertThat(list.path("counts").path("running").asInt()).isEqualTo(3);
            assertThat(list.path("permits").path("used").asInt()).isEqualTo(3);

            JsonNode canceled =
                    client.call("codex_cancel", Map.of("label", "fix-*")).json();
            assertThat(canceled.path("canceled")).hasSize(2);
            assertThat(canceled.path("notRunning")).isEmpty();
            JsonNode ended = client.call("codex_wait", Map.of("label", "fix-*")).json();
            assertThat(ended.path("ended").findValuesAsText("status")).containsExactly("canceled", "canceled");

            JsonNode changed = client.call(
                            "codex_list", Map.of("since", list.path("rev").asLong()))
                    .json();
            assertThat(changed.path("jobs").findValuesAsText("jobId")).containsExactlyInAnyOrder(one, two);
            JsonNode both = client.call("codex_cancel", Map.of("jobIds", List.of(one, other)))
                    .json();
            assertThat(both.toString())
                    .isEqualTo("{\"canceled\":[\"" + other + "\"],\"notRunning\":[\"" + one + "\"]}");
            assertThat(client.call("codex_cancel", Map.of("jobId", one, "label", "x"))
                            .text())
                    .contains("exclude each other");
        }
    }
}
