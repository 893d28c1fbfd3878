package dev.codexmcp.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Fills in the {@code {{label}}}, {@code {{label.field}}} and {@code {{$label}}} of a script; the last is an answer without
 * the line breaks at its end, as with a shell's {@code $(...)}.
 *
 * @param answers the answers of the labelled calls
 */
record References(Map<String, String> answers) {

    private static final Pattern REFERENCE =
            Pattern.compile("\\{\\{(?:(?<label>\\w+)(?:\\.(?<path>[\\w.]+))?|\\$(?<shell>\\w+))}}");

    String in(String text) {
        Matcher matcher = REFERENCE.matcher(text);
        return matcher.replaceAll(found -> Matcher.quoteReplacement(plain(value(matcher))));
    }

    /** Fills in every text of a tree. A text that is only a reference becomes the value, with its type. */
    JsonNode in(JsonNode tree) {
        if (tree.isTextual()) {
            Matcher matcher = REFERENCE.matcher(tree.asText());
            return matcher.matches() ? value(matcher) : TextNode.valueOf(in(tree.asText()));
        }
        if (tree instanceof ArrayNode array) {
            ArrayNode filled = TestJson.array();
            array.forEach(element -> filled.add(in(element)));
            return filled;
        }
        if (tree instanceof ObjectNode object) {
            ObjectNode filled = TestJson.object();
            object.properties().forEach(field -> filled.set(field.getKey(), in(field.getValue())));
            return filled;
        }
        return tree;
    }

    /** The value of a field, given by names with dots between them, in a JSON answer. */
    JsonNode field(String label, String path) {
        JsonNode answer = TestJson.tryParse(answer(label))
                .orElseThrow(() -> new IllegalArgumentException(
                        "the answer of " + label + " is no JSON: " + TestJson.cut(answer(label))));
        JsonNode value = answer.at("/" + path.replace('.', '/'));
        if (value.isMissingNode()) {
            throw new IllegalArgumentException(
                    "the answer of " + label + " has no " + path + ": " + TestJson.cut(answer(label)));
        }
        return value;
    }

    private JsonNode value(Matcher reference) {
        String shell = reference.group("shell");
        if (shell != null) {
            return TextNode.valueOf(answer(shell).replaceFirst("\n+\\z", ""));
        }
        String label = reference.group("label");
        String path = reference.group("path");
        return path == null ? TextNode.valueOf(answer(label)) : field(label, path);
    }

    private String answer(String label) {
        String answer = answers.get(label);
        if (answer == null) {
            throw new IllegalArgumentException("nothing has answered under the label " + label + " yet");
        }
        return answer;
    }

    static String plain(JsonNode value) {
        return value.isValueNode() ? value.asText() : value.toString();
    }
}
