package dev.codexmcp.tool.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * The arguments of one call, read through the {@link Parameter}s that describe them. Unknown arguments are ignored;
 * null means absent.
 *
 * @param object the JSON object that holds them
 * @param path the prefix of a name in messages, empty for the call's own arguments
 */
public record Arguments(JsonNode object, String path) {
    /** The arguments of a call without any. */
    public static final Arguments NONE = new Arguments(JsonNodeFactory.instance.objectNode(), "");

    /** The value of a required field. */
    public <T> T required(Parameter<T> field) throws BadArgumentException {
        Optional<T> value = optional(field);
        if (value.isEmpty()) {
            throw new BadArgumentException(
                    "\"" + path + field.name() + "\" is missing: it must be " + field.takes() + ".");
        }
        return value.get();
    }

    /** The value of a field, empty if absent. */
    public <T> Optional<T> optional(Parameter<T> field) throws BadArgumentException {
        JsonNode node = object.get(field.name());
        if (node == null || node.isNull()) {
            return Optional.empty();
        }
        return Optional.of(field.read(node, path + field.name()));
    }

    /** The value of a field, or {@code otherwise} if absent. */
    public <T> T orElse(Parameter<T> field, T otherwise) throws BadArgumentException {
        return optional(field).orElse(otherwise);
    }

    /**
     * Drops all values. Thousands of calls may wait at the same time; each keeps its request until it is answered, and a thousand ids in each would fill the heap.
     */
    public void release() {
        if (object instanceof ObjectNode values) {
            values.removeAll();
        }
    }
}
