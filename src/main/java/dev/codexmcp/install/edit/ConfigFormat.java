package dev.codexmcp.install.edit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * The syntax of a configuration file. Edits are made on the text and touch as little of it as they can; they are guesses
 * until {@link EntryEditor} has had the result parsed.
 *
 * <p>A path names a member from the root of the file.
 */
public interface ConfigFormat {
    ConfigFormat JSON = new JsonFormat();
    ConfigFormat TOML = new TomlFormat();

    /** Parses the whole text; a blank one is an empty object. A name that stands twice in one object is an error. */
    ObjectNode parse(String text) throws SyntaxException;

    /**
     * Adds the object {@code target} at {@code path}, or changes what stands there into it, member by member.
     *
     * @param text one that parses
     */
    String put(String text, List<String> path, ObjectNode target) throws SyntaxException;

    /**
     * Removes the object at {@code path}, if it is there.
     *
     * @param text one that parses
     */
    String remove(String text, List<String> path) throws SyntaxException;

    /** Removes the object at {@code path} if its braces enclose white space only; a format without braces has none. */
    String removeIfBlank(String text, List<String> path) throws SyntaxException;

    /** A file that holds this entry alone, for a person to paste from. */
    String snippet(List<String> path, ObjectNode entry);

    /** The text without a byte order mark. */
    static String withoutMark(String text) {
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    /** The line ending that a text uses. */
    static String lineEnding(String text) {
        return text.contains("\r\n") ? "\r\n" : "\n";
    }

    /** What stands at the path; a missing node where nothing does. */
    static JsonNode at(JsonNode root, List<String> path) {
        JsonNode node = root;
        for (String name : path) {
            node = node.path(name);
        }
        return node;
    }
}
