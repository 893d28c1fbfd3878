package dev.codexmcp.prompts;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The MCP prompt {@code delegate}: the skill's template for a worker's prompt, with its placeholders filled in. */
public final class DelegatePrompt {
    public static final String NAME = "delegate";
    public static final String TITLE = "Task for a Codex worker";
    public static final String DESCRIPTION =
            "A complete worker prompt for codex_spawn, with the rules that let several workers share "
                    + "one working tree: scope, no delegation, no commits, modifiedFiles at the end.";

    /** One argument of the prompt. */
    public record Argument(String name, String description, boolean required) {}

    public static final List<Argument> ARGUMENTS = List.of(
            new Argument("objective", "What must be true when the work is done, in one sentence.", true),
            new Argument("label", "The job's label, as passed to codex_spawn.", false),
            new Argument("task", "What to do, with everything the worker needs to know.", true),
            new Argument("scope", "The files and symbols it may edit, one per line; none if omitted.", false),
            new Argument("constraints", "What it must comply with, one per line.", false),
            new Argument("outputFormat", "What the final message contains before modifiedFiles.", false));

    private static final Map<String, List<String>> SUGGESTIONS = Map.of(
            "constraints",
            List.of(
                    "Change no public interface.",
                    "Add no dependency.",
                    "Run the tests of what you change.",
                    "Follow the style of the code around."),
            "outputFormat",
            List.of(
                    "A summary in three sentences.",
                    "A list of findings, each with file and line.",
                    "What you changed, and how you tested it."));

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{(\\w+)}}");
    private static final String NOTHING = "(none)";

    private DelegatePrompt() {}

    /** Common values of an argument, to choose from. */
    public static List<String> suggestions(String argument) {
        return SUGGESTIONS.getOrDefault(argument, List.of());
    }

    /** The prompt with these values; a missing or empty value becomes {@code (none)}. */
    public static String fill(Map<String, String> values) {
        // In one pass, so that a placeholder inside a value is left alone.
        return PLACEHOLDER.matcher(SkillText.text("DELEGATE_PROMPT.md")).replaceAll(match -> {
            String value = values.getOrDefault(match.group(1), "").strip();
            return Matcher.quoteReplacement(value.isEmpty() ? NOTHING : value);
        });
    }
}
