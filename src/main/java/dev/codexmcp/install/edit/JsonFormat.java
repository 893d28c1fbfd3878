package dev.codexmcp.install.edit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** JSON that may contain comments and trailing commas. */
final class JsonFormat implements ConfigFormat {
    /** Keeps every digit of a number. */
    static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS, JsonReadFeature.ALLOW_TRAILING_COMMA)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    @Override
    public ObjectNode parse(String text) throws SyntaxException {
        if (text.isBlank()) {
            return MAPPER.createObjectNode();
        }
        try {
            JsonNode root = MAPPER.readTree(ConfigFormat.withoutMark(text));
            if (root instanceof ObjectNode object) {
                return object;
            }
            throw new SyntaxException(1, "the file is not a JSON object");
        } catch (JsonProcessingException e) {
            throw new SyntaxException(
                    e.getLocation() == null ? 1 : e.getLocation().getLineNr(), e.getOriginalMessage());
        }
    }

    @Override
    public String put(String text, List<String> path, ObjectNode target) throws SyntaxException {
        if (text.isBlank()) {
            return snippet(path, target);
        }
        String changed = text;
        for (Optional<String> next = step(text, path, target); next.isPresent(); next = step(changed, path, target)) {
            changed = next.get();
        }
        return changed;
    }

    /** Makes the next change needed; empty if there is none. */
    private static Optional<String> step(String text, List<String> path, ObjectNode target) throws SyntaxException {
        JsonSpans.Value object = JsonSpans.of(text);
        for (int i = 0; i < path.size(); i++) {
            Optional<JsonSpans.Member> member = object.member(path.get(i));
            if (member.isEmpty()) {
                JsonNode value = wrapped(path.subList(i + 1, path.size()), target);
                return Optional.of(JsonInsertion.insert(text, object, path.get(i), value));
            }
            object = member.get().value();
            if (!object.isObject()) {
                throw SyntaxException.at(text, member.get().start(), "\"" + path.get(i) + "\" is not an object");
            }
        }
        return difference(text, object, target);
    }

    private static Optional<String> difference(String text, JsonSpans.Value object, ObjectNode target)
            throws SyntaxException {
        for (JsonSpans.Member member : object.members()) {
            if (!target.has(member.name())) {
                return Optional.of(Edit.apply(text, removal(text, object, member)));
            }
        }
        for (Map.Entry<String, JsonNode> next : target.properties()) {
            Optional<JsonSpans.Member> member = object.member(next.getKey());
            if (member.isEmpty()) {
                return Optional.of(JsonInsertion.insert(text, object, next.getKey(), next.getValue()));
            }
            JsonSpans.Value value = member.get().value();
            if (value.isObject() && next.getValue() instanceof ObjectNode inner) {
                Optional<String> changed = difference(text, value, inner);
                if (changed.isPresent()) {
                    return changed;
                }
            } else if (!isEqual(text.substring(value.start(), value.end()), next.getValue())) {
                String gap = text.contains(": ") ? " " : "";
                return Optional.of(Edit.apply(
                        text,
                        List.of(new Edit(value.start(), value.end(), JsonInsertion.compact(next.getValue(), gap)))));
            }
        }
        return Optional.empty();
    }

    private static boolean isEqual(String source, JsonNode value) throws SyntaxException {
        try {
            // Compared as text: a number that was parsed may have another class than one that was created.
            return MAPPER.readTree(source).toString().equals(value.toString());
        } catch (JsonProcessingException e) {
            throw new SyntaxException(1, e.getOriginalMessage());
        }
    }

    @Override
    public String remove(String text, List<String> path) throws SyntaxException {
        Optional<Found> found = find(text, path);
        return found.isEmpty()
                ? text
                : Edit.apply(
                        text, removal(text, found.get().object(), found.get().member()));
    }

    @Override
    public String removeIfBlank(String text, List<String> path) throws SyntaxException {
        Optional<Found> found = find(text, path);
        if (found.isPresent()) {
            JsonSpans.Value value = found.get().member().value();
            if (value.isObject()
                    && text.substring(value.start() + 1, value.end() - 1).isBlank()) {
                return remove(text, path);
            }
        }
        return text;
    }

    /** A member and the object that contains it. */
    private record Found(JsonSpans.Value object, JsonSpans.Member member) {}

    private static Optional<Found> find(String text, List<String> path) throws SyntaxException {
        if (text.isBlank()) {
            return Optional.empty();
        }
        JsonSpans.Value object = JsonSpans.of(text);
        for (String name : path.subList(0, path.size() - 1)) {
            Optional<JsonSpans.Member> member = object.member(name);
            if (member.isEmpty()) {
                return Optional.empty();
            }
            object = member.get().value();
        }
        JsonSpans.Value container = object;
        return object.member(path.get(path.size() - 1)).map(member -> new Found(container, member));
    }

    /** Removes the member with one comma, and its lines if they contain nothing else. */
    private static List<Edit> removal(String text, JsonSpans.Value object, JsonSpans.Member member) {
        List<Edit> edits = new ArrayList<>();
        int index = object.members().indexOf(member);
        int start = member.start();
        int end = member.value().end();
        int behindPrevious = object.start() + 1;
        if (index > 0) {
            int comma = object.members().get(index - 1).comma();
            behindPrevious = comma + 1;
            if (member.comma() < 0) {
                edits.add(new Edit(comma, comma + 1, ""));
            }
        }
        if (member.comma() >= 0) {
            // There may be a comment between the value and its comma.
            if (text.substring(end, member.comma()).isBlank()) {
                end = member.comma() + 1;
            } else {
                edits.add(new Edit(member.comma(), member.comma() + 1, ""));
            }
        }
        int lineStart = start;
        while (lineStart > behindPrevious && isBlank(text.charAt(lineStart - 1))) {
            lineStart--;
        }
        int lineEnd = end;
        while (lineEnd < text.length() && isBlank(text.charAt(lineEnd))) {
            lineEnd++;
        }
        boolean alone = lineStart > 0
                && text.charAt(lineStart - 1) == '\n'
                && lineEnd < text.length()
                && (text.charAt(lineEnd) == '\n' || text.charAt(lineEnd) == '\r');
        if (alone) {
            edits.add(new Edit(lineStart - (lineStart > 1 && text.charAt(lineStart - 2) == '\r' ? 2 : 1), lineEnd, ""));
        } else {
            edits.add(new Edit(index > 0 ? lineStart : start, end, ""));
        }
        return edits;
    }

    static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    @Override
    public String snippet(List<String> path, ObjectNode entry) {
        return JsonInsertion.rendered(wrapped(path, entry), "", "  ", "\n") + "\n";
    }

    private static JsonNode wrapped(List<String> path, ObjectNode value) {
        JsonNode node = value;
        for (int i = path.size() - 1; i >= 0; i--) {
            node = MAPPER.createObjectNode().set(path.get(i), node);
        }
        return node;
    }
}
