package dev.codexmcp.install.edit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * The syntax of a configuration file. Edits change as little of the text as possible; {@link EntryEditor} parses each
 * result before it is used.
 *
 * <p>A path lists the member names from the root of the file.
 */
public interface ConfigFormat {
    ConfigFormat JSON = new JsonFormat();
    ConfigFormat TOML = new TomlFormat();

    /** Parses the whole text; a blank text is an empty object. Duplicate names in an object are an error. */
    ObjectNode parse(String text) throws SyntaxException;

    /**
     * Adds the object {@code target} at {@code path}, or changes the object there to match it, member by member.
     *
     * @param text a valid text
     */
    String put(String text, List<String> path, ObjectNode target) throws SyntaxException;

    /**
     * Removes the object at {@code path}, if it exists.
     *
     * @param text a valid text
     */
    String remove(String text, List<String> path) throws SyntaxException;

    /**
     * Removes the object at {@code path} if its braces enclose only white space. Does nothing in a format without
     * braces.
     */
    String removeIfBlank(String text, List<String> path) throws SyntaxException;

    /** A file with only this entry, for the user to copy from. */
    String snippet(List<String> path, ObjectNode entry);

    /** YAML, whose parser is loaded only if a host needs it. */
    static ConfigFormat yaml() {
        return new YamlFormat();
    }

    /** The text without a byte order mark. */
    static String withoutMark(String text) {
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    /** The line ending that a text uses. */
    static String lineEnding(String text) {
        return text.contains("\r\n") ? "\r\n" : "\n";
    }

    /** The value at the path, or a missing node. */
    static JsonNode at(JsonNode root, List<String> path) {
        JsonNode node = root;
        for (String name : path) {
            node = node.path(name);
        }
        return node;
    }
}
