package dev.codexmcp.tool;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codexmcp.codex.CodexCli;
import dev.codexmcp.codex.Sandbox;
import dev.codexmcp.job.JobEngine;
import dev.codexmcp.json.Json;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a model reads of the tools, in every turn: their names, descriptions and input schemas, in bytes. */
class ToolsSizeTest {
    private static final int ALL = 16 * 1024;
    private static final int JOBS = 12 * 1024;

    /** What is kept free for the tools that are to come; one that is there needs its own room. */
    private static final Map<String, Integer> TOOLS_TO_COME = Map.of(
            "codex_list", 450,
            "codex_wait", 900,
            "codex_followup", 1200,
            "codex_changes", 550);

    private static final Map<String, Integer> OTHERS_TO_COME = Map.of("codex_restore", 300, "codex_worktree", 300);

    /** Likewise for the arguments of codex_spawn, which other tools list without a description. */
    private static final List<String> ARGUMENTS_TO_COME = List.of("retries", "writes", "isolation", "launcher");

    private static final int ARGUMENT = 200;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final JobEngine jobs = JobEngine.of(new CodexCli(Optional.empty(), ""), 1);
    private final ToolCatalog all = new ToolCatalog(
            jobs.registry(), jobs.scheduler(), jobs.changes(), jobs.timer(), Sandbox.WORKSPACE_WRITE, Runnable::run);

    @Test
    void allToolsStayWithinTheirLimit() throws IOException {
        assertThat(size(all))
                .isLessThanOrEqualTo(ALL - reserved(TOOLS_TO_COME) - reserved(OTHERS_TO_COME) - arguments());
    }

    @Test
    void theToolsForJobsStayWithinTheirLimit() throws IOException {
        ToolCatalog selected = all.select(Optional.of("jobs"), line -> {});

        assertThat(size(selected)).isLessThanOrEqualTo(JOBS - reserved(TOOLS_TO_COME) - arguments());
    }

    private int reserved(Map<String, Integer> tools) {
        return tools.entrySet().stream()
                .filter(tool -> all.find(tool.getKey()).isEmpty())
                .mapToInt(Map.Entry::getValue)
                .sum();
    }

    private static int arguments() {
        List<String> there =
                WorkerParameters.ALL.stream().map(argument -> argument.name()).toList();
        return ARGUMENT
                * (int) ARGUMENTS_TO_COME.stream()
                        .filter(argument -> !there.contains(argument))
                        .count();
    }

    private static int size(ToolCatalog catalog) throws IOException {
        int bytes = 0;
        for (Tool tool : catalog.all()) {
            ObjectNode entry = (ObjectNode) MAPPER.readTree(Json.bytes(tool.spec()::writeTo));
            bytes += MAPPER.writeValueAsBytes(entry.retain("name", "description", "inputSchema")).length;
        }
        return bytes;
    }
}
