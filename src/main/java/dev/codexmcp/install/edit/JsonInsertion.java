package dev.codexmcp.install.edit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** Inserts a member into the text of a JSON object in the style of the file. */
final class JsonInsertion {
    private JsonInsertion() {}

    /** Inserts a member after the last one. */
    static String insert(String text, JsonSpans.Value object, String name, JsonNode value) {
        List<JsonSpans.Member> members = object.members();
        String body = text.substring(object.start(), object.end());
        if (members.isEmpty()) {
            return text.strip().contains("\n")
                    ? intoEmptyObject(text, object, name, value)
                    : insertCompact(text, object, name, value);
        }
        return body.contains("\n")
                ? behindLastLine(text, object, name, value)
                : insertCompact(text, object, name, value);
    }

    private static String insertCompact(String text, JsonSpans.Value object, String name, JsonNode value) {
        String gap = text.contains(": ") ? " " : "";
        String member = quoted(name) + ":" + gap + compact(value, gap);
        if (object.members().isEmpty()) {
            return Edit.apply(text, List.of(new Edit(object.start() + 1, object.start() + 1, member)));
        }
        JsonSpans.Member last = object.lastMember();
        int place = last.end();
        String inserted = last.comma() < 0 ? "," + gap + member : gap + member + ",";
        return Edit.apply(text, List.of(new Edit(place, place, inserted)));
    }

    private static String intoEmptyObject(String text, JsonSpans.Value object, String name, JsonNode value) {
        String lineEnding = ConfigFormat.lineEnding(text);
        String outer = indentation(text, object.start());
        String unit = unit(text);
        String inner = text.substring(object.start() + 1, object.end() - 1);
        int place = object.start() + 1 + inner.stripTrailing().length();
        String member =
                lineEnding + outer + unit + quoted(name) + ": " + rendered(value, outer + unit, unit, lineEnding);
        boolean closedOnItsOwnLine = text.substring(place, object.end() - 1).contains("\n");
        return Edit.apply(
                text,
                List.of(
                        closedOnItsOwnLine
                                ? new Edit(place, place, member)
                                : new Edit(place, object.end() - 1, member + lineEnding + outer)));
    }

    private static String behindLastLine(String text, JsonSpans.Value object, String name, JsonNode value) {
        String lineEnding = ConfigFormat.lineEnding(text);
        JsonSpans.Member last = object.lastMember();
        String indentation = indentation(text, last.start());
        String member =
                lineEnding + indentation + quoted(name) + ": " + rendered(value, indentation, unit(text), lineEnding);
        int place = behindComment(text, last.end(), object.end() - 1);
        if (last.comma() >= 0) {
            return Edit.apply(text, List.of(new Edit(place, place, member + ",")));
        }
        if (place == last.end()) {
            return Edit.apply(text, List.of(new Edit(place, place, "," + member)));
        }
        return Edit.apply(text, List.of(new Edit(last.end(), last.end(), ","), new Edit(place, place, member)));
    }

    /** The end of the line if the rest of it is just a comment; else {@code from}. */
    private static int behindComment(String text, int from, int limit) {
        int end = from;
        while (end < limit && text.charAt(end) != '\n' && text.charAt(end) != '\r') {
            end++;
        }
        String rest = text.substring(from, end).strip();
        boolean comment =
                rest.startsWith("//") || (rest.startsWith("/*") && rest.indexOf("*/", 2) == rest.length() - 2);
        return comment ? end : from;
    }

    /** The leading white space of the line at this position. */
    private static String indentation(String text, int place) {
        int start = text.lastIndexOf('\n', place - 1) + 1;
        int end = start;
        while (end < text.length() && JsonFormat.isBlank(text.charAt(end))) {
            end++;
        }
        return text.substring(start, end);
    }

    /** One level of indentation, taken from the first indented line of the file. */
    private static String unit(String text) {
        return text.lines()
                .filter(line -> !line.isBlank() && JsonFormat.isBlank(line.charAt(0)))
                .findFirst()
                .map(line ->
                        line.substring(0, line.length() - line.stripLeading().length()))
                .orElse("  ");
    }

    static String rendered(JsonNode value, String indentation, String unit, String lineEnding) {
        if (!(value instanceof ObjectNode object) || object.isEmpty()) {
            return compact(value, " ");
        }
        List<String> members = new ArrayList<>();
        object.properties()
                .forEach(field -> members.add(indentation + unit + quoted(field.getKey()) + ": "
                        + rendered(field.getValue(), indentation + unit, unit, lineEnding)));
        return "{" + lineEnding + String.join("," + lineEnding, members) + lineEnding + indentation + "}";
    }

    static String compact(JsonNode value, String gap) {
        List<String> parts = new ArrayList<>();
        if (value.isArray()) {
            value.forEach(element -> parts.add(compact(element, gap)));
            return "[" + String.join("," + gap, parts) + "]";
        }
        if (value.isObject()) {
            value.properties()
                    .forEach(field -> parts.add(quoted(field.getKey()) + ":" + gap + compact(field.getValue(), gap)));
            return "{" + String.join("," + gap, parts) + "}";
        }
        return value.toString();
    }

    /** The value as a JSON string. TOML accepts the same escapes. */
    static String quoted(String value) {
        return JsonFormat.MAPPER.getNodeFactory().textNode(value).toString();
    }
}
