package dev.codexmcp.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the script out of a prompt: every line that begins with {@value #MARK}. The mark is followed by, in this order, an
 * optional {@code label =}, an optional {@code also}, an optional {@code until field=value}, a verb and its text. A text
 * that is a whole JSON string stands for that string, so that it can hold line breaks.
 */
final class ScriptParser {

    static final String MARK = "MODEL:";

    private static final Pattern LINE = Pattern.compile(
            "(?:(?<label>\\w+)\\s*=\\s*)?(?<also>also\\s+)?(?:until\\s+(?<field>[\\w.]+)=(?<value>\\S+)\\s+)?"
                    + "(?<verb>\\w+)(?:\\s+(?<rest>.*))?",
            Pattern.DOTALL);

    private final List<ScriptStep> acts = new ArrayList<>();
    private int calls;

    private ScriptParser() {}

    /** The steps of a prompt; empty if it has no script. */
    static List<ScriptStep> parse(String prompt) {
        if (prompt.lines().map(String::strip).noneMatch(line -> line.startsWith(MARK))) {
            return PlainSteps.parse(prompt);
        }
        ScriptParser parser = new ScriptParser();
        prompt.lines()
                .map(String::strip)
                .filter(line -> line.startsWith(MARK))
                .forEach(line -> parser.line(line.substring(MARK.length()).strip()));
        return List.copyOf(parser.acts);
    }

    private void line(String line) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a line of a script: " + line);
        }
        String rest = matcher.group("rest") == null ? "" : matcher.group("rest").strip();
        ScriptStep act = act(matcher.group("verb"), rest, matcher);
        boolean forCallsOnly =
                matcher.group("label") != null || matcher.group("also") != null || matcher.group("field") != null;
        if (forCallsOnly && !(act instanceof ScriptStep.Call)) {
            throw new IllegalArgumentException("only a call takes a label, also or until: " + line);
        }
        acts.add(act);
    }

    private ScriptStep act(String verb, String rest, Matcher line) {
        return switch (verb) {
            case "say" -> new ScriptStep.Item(text(rest), ModelItems::message);
            case "think" -> new ScriptStep.Item(text(rest), ModelItems::reasoning);
            case "search" -> new ScriptStep.Item(text(rest), ModelItems::webSearch);
            case "gate" -> new ScriptStep.Hold.AtGate(words(rest, 1)[0]);
            case "meet" -> new ScriptStep.Hold.AtMeeting(words(rest, 2)[0], Integer.parseInt(words(rest, 2)[1]));
            case "delay" -> new ScriptStep.Hold.For(Duration.ofMillis(Long.parseLong(rest)));
            case "stall" -> new ScriptStep.Hold.Forever();
            case "expect" -> expect(TestJson.parse(rest));
            case "lines" -> lines(TestJson.parse(rest));
            case "fail" -> new ScriptStep.Break.Failure("invalid_prompt", text(rest));
            case "failure" -> new ScriptStep.Break.Failure(words(rest, 2)[0], text(words(rest, 2)[1]));
            case "answer" -> answer(words(rest, 2));
            case "http" -> new ScriptStep.Break.Refusal(Integer.parseInt(words(rest, 2)[0]), text(words(rest, 2)[1]));
            case "hangup" -> new ScriptStep.Break.HangUp();
            default -> call(tool(verb, rest), line);
        };
    }

    private static ModelTool tool(String verb, String rest) {
        return switch (verb) {
            case "sh" -> new ModelTool.Shell(text(rest));
            case "js" -> new ModelTool.JavaScript(text(rest));
            case "patch" -> new ModelTool.Patch(text(rest));
            case "add" -> addFile(words(rest, 2)[0], text(words(rest, 2)[1]));
            case "update" -> updateFile(words(rest, 2)[0], TestJson.parse(words(rest, 2)[1]));
            case "delete" -> patch("*** Delete File: " + text(rest));
            case "plan" -> plan(TestJson.parse(rest));
            case "mcp" -> mcp(words(rest, 3));
            case "call" -> function(words(rest, 2));
            default -> throw new IllegalArgumentException("no such verb in a script: " + verb);
        };
    }

    private ScriptStep call(ModelTool tool, Matcher line) {
        calls++;
        String label = line.group("label");
        String field = line.group("field");
        return new ScriptStep.Call(
                label == null ? Integer.toString(calls) : label,
                tool,
                line.group("also") != null,
                field == null ? null : new ScriptStep.Until(field, line.group("value")));
    }

    private static ScriptStep answer(String[] words) {
        JsonNode parts = TestJson.parse(words[1]);
        return new ScriptStep.Break.Answer(Integer.parseInt(words[0]), parts.path("headers"), parts.path("body"));
    }

    private static ScriptStep expect(JsonNode pair) {
        return new ScriptStep.Expect(pair.path(0).asText(), pair.path(1).asText());
    }

    private static ScriptStep lines(JsonNode pair) {
        return new ScriptStep.ExpectLines(pair.path(0).asText(), pair.path(1).asText());
    }

    private static ModelTool mcp(String[] words) {
        return new ModelTool.Mcp(words[0], words[1], TestJson.parse(words[2]));
    }

    private static ModelTool function(String[] words) {
        int slash = words[0].indexOf('/');
        @Nullable String namespace = slash < 0 ? null : words[0].substring(0, slash);
        return new ModelTool.Function(namespace, words[0].substring(slash + 1), TestJson.parse(words[1]));
    }

    private static ModelTool plan(JsonNode steps) {
        ObjectNode arguments = TestJson.object();
        ArrayNode plan = arguments.putArray("plan");
        for (JsonNode step : steps) {
            boolean done = step.asText().startsWith("[x] ");
            plan.addObject()
                    .put("step", done ? step.asText().substring(4) : step.asText())
                    .put("status", done ? "completed" : "pending");
        }
        return new ModelTool.Function(null, "update_plan", arguments);
    }

    private static ModelTool addFile(String path, String content) {
        StringBuilder hunk = new StringBuilder("*** Add File: ").append(path);
        content.lines().forEach(line -> hunk.append("\n+").append(line));
        return patch(hunk.toString());
    }

    private static ModelTool updateFile(String path, JsonNode lines) {
        return patch("*** Update File: " + path + "\n@@\n-" + lines.path(0).asText() + "\n+"
                + lines.path(1).asText());
    }

    private static ModelTool patch(String hunk) {
        return new ModelTool.Patch("*** Begin Patch\n" + hunk + "\n*** End Patch\n");
    }

    /** The text of a step: as written, or the value of a JSON string. */
    private static String text(String rest) {
        if (rest.length() < 2 || !rest.startsWith("\"")) {
            return rest;
        }
        return TestJson.tryParse(rest)
                .filter(JsonNode::isTextual)
                .map(JsonNode::asText)
                .orElse(rest);
    }

    /** This many words; the last one is the rest of the text. */
    private static String[] words(String rest, int count) {
        String[] words = rest.split("\\s+", count);
        if (words.length < count || words[0].isEmpty()) {
            throw new IllegalArgumentException("needs " + count + " words: " + rest);
        }
        return words;
    }
}
