package dev.codexmcp.prompts;

/** The MCP resource with the skill's runbook: how a boss runs several workers in one working tree. */
public final class Runbook {
    public static final String URI = "codex-mcp-server://runbook";
    public static final String NAME = "runbook";
    public static final String TITLE = "Runbook: a boss and its Codex workers";
    public static final String DESCRIPTION =
            "How to run several workers in one working tree: the cycle, the prompt contract, "
                    + "overlapping edits, cancellation, defaults.";
    public static final String MIME_TYPE = "text/markdown";

    private Runbook() {}

    public static String text() {
        return SkillText.text("CODEX_SUBAGENTS_ORCHESTRATION.md");
    }
}
