package dev.codexmcp.orchestration;

import dev.codexmcp.prompts.DelegatePrompt;
import dev.codexmcp.testkit.ModelScript;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Builds the script of a boss, step by step as in the runbook. */
final class Boss {
    private final BossFixture scene;
    private final ModelScript script = ModelScript.script();
    private final Map<String, Integer> defaults = Skill.defaults();

    Boss(BossFixture scene) {
        this.scene = scene;
    }

    ModelScript script() {
        return script;
    }

    /** Records the tree; later steps refer to the record as {@code {{$base}}}. */
    Boss preflight() {
        script.as("status").shell("git status --porcelain");
        script.as("head").shell("git rev-parse HEAD");
        script.as("base").shell(scene.baseline("save"));
        return this;
    }

    /** Spawns an edit job whose prompt is the filled-in template, with this script for its model. */
    Boss spawn(String label, String scope, ModelScript work) {
        String prompt = DelegatePrompt.fill(Map.of(
                "objective",
                scope + " has the part of " + label,
                "label",
                label,
                "task",
                work.prompt(),
                "scope",
                scope,
                "constraints",
                "(none)",
                "outputFormat",
                "one sentence"));
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put("prompt", prompt);
        arguments.put("label", label);
        arguments.put("sandbox", "workspace-write");
        arguments.put("workingDirectory", scene.repository().toString());
        script.as(label).mcp(BossFixture.SERVER, "codex_spawn", arguments);
        return this;
    }

    /** Waits until one of these jobs has ended; stores the result under the name {@code as}. */
    Boss awaitAny(String as, String... labels) {
        script.as(as).until("timedOut", "false").mcp(BossFixture.SERVER, "codex_wait_any", wait("T_wait", labels));
        return this;
    }

    /** Collects an ended job as {@code LABELStatus} and {@code LABELResult}. */
    Boss collect(String label) {
        awaitAny(label + "End", label);
        return status(label).result(label);
    }

    Boss status(String label) {
        script.as(label + "Status").mcp(BossFixture.SERVER, "codex_status", job(label));
        return this;
    }

    Boss result(String label) {
        script.as(label + "Result").mcp(BossFixture.SERVER, "codex_result", job(label));
        return this;
    }

    /** Reads the events of an ended job, as many as a page holds. */
    Boss events(String label) {
        script.as(label + "Events").mcp(BossFixture.SERVER, "codex_events", job(label));
        return this;
    }

    Boss cancel(String label) {
        script.as(label + "Cancel").mcp(BossFixture.SERVER, "codex_cancel", job(label));
        script.as(label + "End")
                .until("timedOut", "false")
                .mcp(BossFixture.SERVER, "codex_wait_any", wait("T_cancel", label));
        return this;
    }

    /** Finds the files in the {@code modifiedFiles} of more than one of these jobs, as {@code {{$overlap}}}. */
    Boss compare(String... labels) {
        List<String> lists = new ArrayList<>();
        for (String label : labels) {
            lists.add(
                    "sed '1,/^modifiedFiles:$/d' <<'END_OF_RESULT' | sort -u\n{{" + label + "Result}}\nEND_OF_RESULT");
        }
        script.as("overlap").shell("{\n" + String.join("\n", lists) + "\n} | sort | uniq -d");
        return this;
    }

    /** Lists the differences from the record, as {@code {{$check}}}. */
    Boss check() {
        script.as("check").shell(scene.baseline("check {{$base}}"));
        return this;
    }

    Boss restore(String paths) {
        script.shell(scene.baseline("restore {{$base}} " + paths));
        return this;
    }

    private Map<String, Object> wait(String timeout, String... labels) {
        List<String> ids = new ArrayList<>();
        for (String label : labels) {
            ids.add("{{" + label + ".jobId}}");
        }
        return Map.of("jobIds", ids, "timeoutMs", defaults.getOrDefault(timeout, -1));
    }

    private static Map<String, String> job(String label) {
        return Map.of("jobId", "{{" + label + ".jobId}}");
    }
}
