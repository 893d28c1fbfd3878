package dev.codexmcp.tool.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Optional;

/**
 * The arguments of one call, read through the {@link Parameter}s that describe them. Arguments that no field asks for are
 * ignored; null means absent.
 *
 * @param object where they stand
 * @param path how a message names the place of the object, empty for the call's own arguments
 */
public record Arguments(JsonNode object, String path) {
    /** The arguments of a call that names none. */
    public static final Arguments NONE = new Arguments(JsonNodeFactory.instance.objectNode(), "");

    /** The value of a field that has to be there. */
    public <T> T required(Parameter<T> field) throws BadArgumentException {
        Optional<T> value = optional(field);
        if (value.isEmpty()) {
            throw new BadArgumentException(
                    "\"" + path + field.name() + "\" is missing: it takes " + field.takes() + ".");
        }
        return value.get();
    }

    /** The value of a field, where it is there. */
    public <T> Optional<T> optional(Parameter<T> field) throws BadArgumentException {
        JsonNode node = object.get(field.name());
        if (node == null || node.isNull()) {
            return Optional.empty();
        }
        return Optional.of(field.read(node, path + field.name()));
    }

    /** The value of a field, or what it is where it is not there. */
    public <T> T orElse(Parameter<T> field, T otherwise) throws BadArgumentException {
        return optional(field).orElse(otherwise);
    }
}
