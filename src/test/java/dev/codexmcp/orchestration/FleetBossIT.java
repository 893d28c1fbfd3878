package dev.codexmcp.orchestration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.testkit.CodexHome;
import dev.codexmcp.testkit.ModelScript;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The real CLI as boss dispatches eight real workers with dependencies in one call, three at a time, and collects them. */
class FleetBossIT {
    private static final int PERMITS = 3;

    /** Each part with the parts that it needs; a dependent may come first. */
    private static final Map<String, List<String>> PARTS = parts();

    private static Map<String, List<String>> parts() {
        Map<String, List<String>> parts = new LinkedHashMap<>();
        parts.put("report", List.of("sum", "notes"));
        parts.put("sum", List.of("a", "b", "c"));
        parts.put("a", List.of());
        parts.put("b", List.of());
        parts.put("c", List.of());
        parts.put("d", List.of());
        parts.put("e", List.of());
        parts.put("notes", List.of("d"));
        return parts;
    }

    @ParameterizedTest
    @ValueSource(strings = {CodexHome.FUNCTION_MODEL, CodexHome.CODE_MODEL})
    void eightWorkersRunThreeAtATimeInTheOrderOfTheirDependencies(String model) {
        try (BossFixture scene = BossFixture.of("fleet-" + model, model, Map.of(), PERMITS)) {
            BossRun run = scene.run(boss(scene));

            assertThat(run.answer()).isEqualTo("All parts have ended.");
            List<String> ended = new ArrayList<>();
            for (JsonNode answer : run.answers("codex_wait")) {
                for (JsonNode row : answer.path("ended")) {
                    assertThat(row.path("status").asText()).as(row.toString()).isEqualTo("done");
                    assertThat(row.path("finalMessage").asText())
                            .isEqualTo(row.path("label").asText() + " is written.");
                    ended.add(row.path("label").asText());
                }
            }
            assertThat(ended).containsExactlyInAnyOrderElementsOf(PARTS.keySet());
            PARTS.forEach((part, needs) -> needs.forEach(need ->
                    assertThat(ended.indexOf(need)).as(need + " before " + part).isLessThan(ended.indexOf(part))));
            assertThat(statuses(run)).containsOnly("running", "queued").hasSize(PARTS.size());
            Map<String, String> changes = new HashMap<>(BossFixture.changesOfTheUser());
            PARTS.keySet().forEach(part -> changes.put(part + ".txt", part + "\n"));
            assertThat(scene.changes()).isEqualTo(changes);
            assertThat(scene.historyIsUntouched()).isTrue();
        }
    }

    /** The statuses with which the jobs were spawned. */
    private static List<String> statuses(BossRun run) {
        List<String> statuses = new ArrayList<>();
        run.answers("codex_spawn_group")
                .get(0)
                .path("results")
                .forEach(result -> statuses.add(result.path("status").asText()));
        return statuses;
    }

    private static ModelScript boss(BossFixture scene) {
        List<Map<String, Object>> jobs = new ArrayList<>();
        PARTS.forEach((part, needs) -> {
            StringBuilder command = new StringBuilder();
            needs.forEach(need -> command.append("test -s ").append(need).append(".txt && "));
            String prompt = ModelScript.script()
                    .shell(command + "echo " + part + " > " + part + ".txt")
                    .say(part + " is written.")
                    .prompt();
            jobs.add(Map.of("prompt", prompt, "label", part, "dependsOn", needs));
        });
        Map<String, Object> defaults = Map.of(
                "queue",
                true,
                "sandbox",
                "workspace-write",
                "workingDirectory",
                scene.repository().toString());
        ModelScript script = ModelScript.script();
        script.as("fleet").mcp(BossFixture.SERVER, "codex_spawn_group", Map.of("jobs", jobs, "defaults", defaults));
        script.as("end")
                .until("timedOut", "false")
                .mcp(
                        BossFixture.SERVER,
                        "codex_wait",
                        Map.of("timeoutMs", Skill.defaults().getOrDefault("T_wait", -1)));
        return script.say("All parts have ended.");
    }
}
