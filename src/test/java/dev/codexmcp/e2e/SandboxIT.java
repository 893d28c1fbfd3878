package dev.codexmcp.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.testkit.JobTools;
import dev.codexmcp.testkit.ModelScript;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a worker's commands may write in each mode. */
class SandboxIT {
    /** The sandbox lets commands write to the temporary folders, and this clone may lie in one of them. */
    private static final String WORKSPACE_ALONE = """
            [sandbox_workspace_write]
            exclude_slash_tmp = true
            exclude_tmpdir_env_var = true
            """;

    @RegisterExtension
    private final EndToEndFixture bench = new EndToEndFixture();

    @ParameterizedTest
    @CsvSource({"read-only, false, false", "workspace-write, true, false", "danger-full-access, true, true"})
    void eachModeAllowsAndDeniesWritesAsNamed(String sandbox, boolean inside, boolean outside) {
        bench.newHome().config(WORKSPACE_ALONE).create();
        JobTools jobs = new JobTools(bench.start());
        Path other = bench.folder("elsewhere").resolve("file.txt");
        String prompt = ModelScript.script()
                .shell("touch here.txt || echo denied here; touch '" + other + "' || echo denied there")
                .say("tried")
                .prompt();

        String jobId = jobs.spawn(prompt, bench.workspace(), sandbox);
        List<JsonNode> events = jobs.eventsToTheEnd(jobId);

        String output = events.stream()
                .filter(event -> event.path("type").asText().equals("tool_result"))
                .map(event -> event.path("content").path("aggregatedOutput").asText())
                .findFirst()
                .orElseThrow();
        assertThat(output.contains("denied here")).as(output).isNotEqualTo(inside);
        assertThat(output.contains("denied there")).as(output).isNotEqualTo(outside);
        assertThat(bench.workspace().resolve("here.txt").toFile().exists()).isEqualTo(inside);
        assertThat(other.toFile().exists()).isEqualTo(outside);
        assertThat(jobs.result(jobId)).isEqualTo("tried");
    }

    @Test
    void theCallsModeWinsThenFullAutoThenTheServersDefault() {
        JobTools jobs = new JobTools(
                bench.start(bench.server().environment(Map.of("CODEX_MCP_DEFAULT_SANDBOX", "danger-full-access"))));
        Map<Map<String, Object>, String> expected = new LinkedHashMap<>();
        expected.put(Map.of(), "danger-full-access");
        expected.put(Map.of("fullAuto", false), "danger-full-access");
        expected.put(Map.of("fullAuto", true), "workspace-write");
        expected.put(Map.of("fullAuto", true, "sandbox", "read-only"), "read-only");
        expected.put(Map.of("sandbox", "read-only"), "read-only");

        Map<Map<String, Object>, String> actual = new LinkedHashMap<>();
        expected.keySet().forEach(options -> actual.put(options, sandboxOf(jobs, options)));

        assertThat(actual).isEqualTo(expected);
    }

    private static String sandboxOf(JobTools jobs, Map<String, Object> options) {
        Map<String, Object> arguments = new LinkedHashMap<>(options);
        arguments.put("prompt", "hello");
        String jobId = jobs.spawn(arguments);
        JsonNode spawned = jobs.eventsSoFar(jobId).get(0).path("content");
        String effective = spawned.path("effectiveSandbox").asText();
        assertThat(JobTools.texts(spawned.path("args"))).containsSubsequence("--sandbox", effective);
        return effective;
    }
}
