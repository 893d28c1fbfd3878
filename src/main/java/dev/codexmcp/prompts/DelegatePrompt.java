package dev.codexmcp.prompts;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The MCP prompt {@code delegate}: the skill's contract for a worker's prompt, with its placeholders filled in. */
public final class DelegatePrompt {
    public static final String NAME = "delegate";
    public static final String TITLE = "Task for a Codex worker";
    public static final String DESCRIPTION =
            "A worker's whole prompt for codex_spawn, by the contract that lets several work in "
                    + "one tree: scope, no delegation, no commits, modifiedFiles at the end.";

    /** One argument of the prompt. */
    public record Argument(String name, String description, boolean required) {}

    public static final List<Argument> ARGUMENTS = List.of(
            new Argument("objective", "What is to be true in the end, in a sentence.", true),
            new Argument("label", "The job's label, as given to codex_spawn.", false),
            new Argument("task", "What to do, with all that the worker needs to know.", true),
            new Argument("scope", "The files and symbols it may edit, one a line; left out: none.", false),
            new Argument("constraints", "What it must keep to, one a line.", false),
            new Argument("outputFormat", "What the final message holds, above modifiedFiles.", false));

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{(\\w+)}}");
    private static final String NOTHING = "(none)";

    private DelegatePrompt() {}

    /** The prompt with these values; what is missing or empty reads {@code (none)}. */
    public static String fill(Map<String, String> values) {
        // In one pass: a value that holds a placeholder's text keeps it.
        return PLACEHOLDER.matcher(SkillText.text("DELEGATE_PROMPT.md")).replaceAll(match -> {
            String value = values.getOrDefault(match.group(1), "").strip();
            return Matcher.quoteReplacement(value.isEmpty() ? NOTHING : value);
        });
    }
}
