package dev.codexmcp.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A request that {@link ModelServer} has seen.
 *
 * @param body the parsed body; a missing node if there was none
 */
public record ModelRequest(Instant at, String method, String path, JsonNode body) {

    /** User messages that the CLI adds. */
    private static final Pattern CONTEXT =
            Pattern.compile("<environment_context>|<turn_aborted>|<user_instructions>|# AGENTS\\.md instructions");

    /** What the CLI puts before a tool's output: how long it took, how it ended. */
    private static final Pattern OUTPUT_HEADER = Pattern.compile("(?ms)\\A.{0,300}?^Output:(\\n+|\\z)");

    /** The requested model. */
    public String model() {
        return body.path("model").asText();
    }

    /** The newest prompt of the conversation, as the user wrote it. */
    public String prompt() {
        List<Integer> prompts = prompts();
        return prompts.isEmpty()
                ? ""
                : textOf(input().path(prompts.get(prompts.size() - 1)).path("content"));
    }

    /** How many prompts the conversation holds: its turns, including this one. */
    public int turn() {
        return prompts().size();
    }

    /** The outputs of this turn's tool calls so far, by call id, without the CLI's header. */
    public Map<String, String> answers() {
        List<Integer> prompts = prompts();
        Map<String, String> answers = new LinkedHashMap<>();
        for (int i = prompts.isEmpty() ? 0 : prompts.get(prompts.size() - 1); i < input().size(); i++) {
            JsonNode item = input().get(i);
            if (item.path("type").asText().endsWith("_output")) {
                String output =
                        OUTPUT_HEADER.matcher(textOf(item.path("output"))).replaceFirst("");
                answers.merge(item.path("call_id").asText(), output, (first, next) -> first + "\n" + next);
            }
        }
        return answers;
    }

    /**
     * The tools that the model was offered: {@code name}, or {@code namespace/name}. Models in code mode get theirs as an
     * item of the input. MCP tools are missing if the model has to search for its tools; it may call them nevertheless.
     */
    public List<String> tools() {
        List<String> names = new ArrayList<>();
        addNames(names, "", body.path("tools"));
        for (JsonNode item : input()) {
            if (item.path("type").asText().equals("additional_tools")) {
                addNames(names, "", item.path("tools"));
            }
        }
        return names;
    }

    /** Whether this model writes JavaScript that calls the tools, instead of calling them itself. */
    public boolean inCodeMode() {
        return tools().contains("functions/exec");
    }

    private JsonNode input() {
        return body.path("input");
    }

    private List<Integer> prompts() {
        List<Integer> positions = new ArrayList<>();
        for (int i = 0; i < input().size(); i++) {
            JsonNode item = input().get(i);
            if (item.path("role").asText().equals("user")
                    && !CONTEXT.matcher(textOf(item.path("content"))).lookingAt()) {
                positions.add(i);
            }
        }
        return positions;
    }

    private static void addNames(List<String> names, String prefix, JsonNode tools) {
        for (JsonNode tool : tools) {
            String name = tool.path("name").asText(tool.path("type").asText());
            if (tool.has("tools")) {
                addNames(names, prefix + name + "/", tool.path("tools"));
            } else {
                names.add(prefix + name);
            }
        }
    }

    /** A text, or the joined texts of a list of content parts. */
    private static String textOf(JsonNode content) {
        if (!content.isArray()) {
            return content.asText();
        }
        List<String> texts = new ArrayList<>();
        content.forEach(part -> texts.add(part.path("text").asText()));
        return String.join("\n", texts);
    }
}
