package dev.codexmcp.tool;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Which tools clients see: every schema costs a model tokens in every turn. */
final class ToolSelection {
    static final String VARIABLE = "CODEX_MCP_TOOLS";

    private static final String ALL = "all";
    private static final String JOBS = "jobs";

    /** What a boss with background workers needs. */
    private static final Set<String> JOB_TOOLS = Set.of(
            "codex_spawn",
            "codex_spawn_group",
            "codex_list",
            "codex_wait",
            "codex_events",
            "codex_result",
            "codex_cancel",
            "codex_interrupt",
            "codex_followup");

    private ToolSelection() {}

    /**
     * The selected names; all of them if {@code value} contains no valid entry.
     *
     * @param value words and names of tools, separated by commas
     * @param names of all tools
     * @param complain receives one line for each invalid entry
     */
    static Set<String> of(String value, List<String> names, Consumer<String> complain) {
        Set<String> selected = new LinkedHashSet<>();
        for (String entry : value.split(",", -1)) {
            String word = entry.strip();
            if (word.equals(ALL)) {
                selected.addAll(names);
            } else if (word.equals(JOBS)) {
                names.stream().filter(JOB_TOOLS::contains).forEach(selected::add);
            } else if (names.contains(word)) {
                selected.add(word);
            } else if (!word.isEmpty()) {
                complain.accept(VARIABLE + " names \"" + word + "\": an entry must be " + ALL + ", " + JOBS
                        + " or one of " + String.join(", ", names) + "; ignoring it");
            }
        }
        return selected.isEmpty() ? Set.copyOf(names) : selected;
    }
}
