package dev.codexmcp.tool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.codex.CodexCli;
import dev.codexmcp.codex.Sandbox;
import dev.codexmcp.job.JobEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ToolSelectionTest {
    private final JobEngine jobs = JobEngine.of(new CodexCli(Optional.empty(), ""), 1);
    private final ToolCatalog all = new ToolCatalog(
            jobs.registry(), jobs.scheduler(), jobs.changes(), jobs.timer(), Sandbox.WORKSPACE_WRITE, Runnable::run);
    private final List<String> complaints = new ArrayList<>();

    private static List<String> names(ToolCatalog catalog) {
        return catalog.all().stream().map(tool -> tool.spec().name()).toList();
    }

    private List<String> selected(String value) {
        return names(all.select(Optional.of(value), complaints::add));
    }

    @Test
    void withoutASelectionAllToolsAreListed() {
        assertThat(names(all.select(Optional.empty(), complaints::add))).isEqualTo(names(all));
        assertThat(selected("all")).isEqualTo(names(all));
        assertThat(complaints).isEmpty();
    }

    @Test
    void jobsAreTheToolsOfABossThatRunsWorkersInTheBackground() {
        assertThat(selected("jobs"))
                .containsExactlyInAnyOrder(
                        "codex_spawn",
                        "codex_spawn_group",
                        "codex_list",
                        "codex_wait",
                        "codex_events",
                        "codex_result",
                        "codex_cancel",
                        "codex_interrupt",
                        "codex_followup");
        assertThat(complaints).isEmpty();
    }

    @Test
    void namesAreListedInTheUsualOrder() {
        assertThat(selected(" ping , codex_wait_any,codex_spawn, ,ping"))
                .containsExactly("codex_spawn", "codex_wait_any", "ping");
        assertThat(selected("jobs,ping")).startsWith("codex_spawn").endsWith("ping");
        assertThat(complaints).isEmpty();
    }

    @Test
    void anUnknownNameIsReportedAndIgnored() {
        assertThat(selected("codex_spawn,codex_explode")).containsExactly("codex_spawn");
        assertThat(complaints)
                .containsExactly("CODEX_MCP_TOOLS names \"codex_explode\": an entry must be all, jobs or one of "
                        + String.join(", ", names(all)) + "; ignoring it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "JOBS", "spawn", ","})
    void aSelectionOfNothingCountsAsNotGiven(String value) {
        assertThat(selected(value)).isEqualTo(names(all));
        assertThat(complaints).hasSize(value.equals(",") ? 0 : 1);
    }

    @Test
    void aToolThatIsLeftOutIsUnknownAndTheErrorSaysWhy() {
        ToolCatalog catalog = all.select(Optional.of("codex_spawn"), complaints::add);

        assertThat(catalog.find("codex_spawn")).isPresent();
        assertThat(catalog.find("ping")).isEmpty();
        assertThat(catalog.missing("ping")).isEqualTo("CODEX_MCP_TOOLS leaves this tool out; see tools/list.");
        assertThat(catalog.missing("codex_explode")).isEqualTo("there is no such tool; see tools/list.");
    }
}
