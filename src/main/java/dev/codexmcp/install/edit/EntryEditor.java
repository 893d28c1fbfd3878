package dev.codexmcp.install.edit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Changes one entry in the text of a file. Parses the old and the new text, and refuses the change unless the entry has
 * the wanted value and everything else is the same.
 *
 * @param file the file that contains the text, for messages
 * @param path the path of the entry; the last name is the entry's own
 */
public record EntryEditor(ConfigFormat format, Path file, List<String> path) {

    public EntryEditor {
        path = List.copyOf(path);
        if (path.size() < 2) {
            throw new IllegalArgumentException("an entry must be in a container: " + path);
        }
    }

    /** The entry, if the text contains it. */
    public Optional<ObjectNode> entry(String text) {
        JsonNode root = parsed(text);
        JsonNode container = ConfigFormat.at(root, containerPath());
        if (!container.isMissingNode() && !container.isObject()) {
            throw refusal(
                    "\"" + String.join(".", containerPath()) + "\" does not contain named entries", Optional.empty());
        }
        JsonNode entry = ConfigFormat.at(root, path);
        if (entry.isMissingNode()) {
            return Optional.empty();
        }
        if (entry instanceof ObjectNode object) {
            return Optional.of(object);
        }
        throw refusal("\"" + String.join(".", path) + "\" is not a table of settings", Optional.empty());
    }

    /** The text with the entry set to {@code target}. */
    public String put(String text, ObjectNode target) {
        parsed(text);
        try {
            return verified(text, format.put(text, path, target), Optional.of(target));
        } catch (SyntaxException e) {
            throw refusal("line " + e.line() + ": " + e.getMessage(), Optional.of(target));
        }
    }

    /** The text without the entry. */
    public String remove(String text) {
        parsed(text);
        try {
            return verified(text, format.remove(text, path), Optional.empty());
        } catch (SyntaxException e) {
            throw refusal("line " + e.line() + ": " + e.getMessage(), Optional.empty());
        }
    }

    /** Whether the text has the object that contains entries, even if it is empty. */
    public boolean hasContainer(String text) {
        return ConfigFormat.at(parsed(text), containerPath()).isObject();
    }

    /** The text without the object that contains entries, if that is empty and has no comments. */
    public String removeEmptyContainer(String text) {
        parsed(text);
        try {
            return verified(text, format.removeIfBlank(text, containerPath()), Optional.empty());
        } catch (SyntaxException e) {
            return text;
        }
    }

    /**
     * Returns {@code after} if it differs from {@code before} only in the entry.
     *
     * @param target the wanted entry; empty if it must not exist
     */
    public String verified(String before, String after, Optional<ObjectNode> target) {
        ObjectNode parsedAfter;
        try {
            parsedAfter = format.parse(after);
        } catch (SyntaxException e) {
            throw refusal("the changed file would not be valid: line " + e.line() + ": " + e.getMessage(), target);
        }
        String entry = canonical(ConfigFormat.at(parsedAfter, path));
        if (!entry.equals(target.map(EntryEditor::canonical).orElse(""))) {
            throw refusal("the entry would not have the wanted value", target);
        }
        if (!rest(parsed(before)).equals(rest(parsedAfter))) {
            throw refusal("the change would affect more than the entry", target);
        }
        return after;
    }

    /** The value as text, independent of the order of members; empty for a missing value. */
    static String canonical(JsonNode value) {
        if (value.isArray()) {
            StringBuilder text = new StringBuilder("[");
            value.forEach(element -> text.append(canonical(element)).append(','));
            return text.append(']').toString();
        }
        if (value.isObject()) {
            TreeMap<String, String> members = new TreeMap<>();
            value.properties()
                    .forEach(
                            member -> members.put(JsonInsertion.quoted(member.getKey()), canonical(member.getValue())));
            return members.toString();
        }
        return value.toString();
    }

    /** Everything except the entry and the enclosing objects that are empty without it. */
    private String rest(ObjectNode root) {
        ObjectNode rest = root.deepCopy();
        for (int depth = path.size(); depth > 0; depth--) {
            JsonNode parent = ConfigFormat.at(rest, path.subList(0, depth - 1));
            String name = path.get(depth - 1);
            if (parent instanceof ObjectNode object
                    && (depth == path.size()
                            || (object.path(name).isObject()
                                    && object.path(name).isEmpty()))) {
                object.remove(name);
            }
        }
        return canonical(rest);
    }

    private List<String> containerPath() {
        return path.subList(0, path.size() - 1);
    }

    private ObjectNode parsed(String text) {
        try {
            return format.parse(text);
        } catch (SyntaxException e) {
            throw new RefusedException(file + ", line " + e.line() + ": " + e.getMessage()
                    + ". The file stays unchanged: correct that line, then run this again.");
        }
    }

    private RefusedException refusal(String problem, Optional<ObjectNode> target) {
        return new RefusedException(file + ", " + problem + ". The file stays unchanged."
                + target.map(entry -> " To make the change by hand, use this entry:\n\n" + format.snippet(path, entry))
                        .orElse(""));
    }
}
