package dev.codexmcp.codex.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Checks that the keywords of a schema have values of the right kind. Unknown keywords may have any value. */
final class SchemaSyntax {
    static final Set<String> TYPES = Set.of("object", "array", "string", "number", "integer", "boolean", "null");

    /** The deepest nesting of schemas. */
    private static final int DEEPEST = 100;

    private final JsonNode root;

    SchemaSyntax(JsonNode root) {
        this.root = root;
    }

    void check() throws SchemaException {
        if (!root.isObject()) {
            throw new SchemaException("is not an object: it must be a JSON Schema object");
        }
        schema(root, "", 0);
    }

    private void schema(JsonNode schema, String path, int depth) throws SchemaException {
        if (depth > DEEPEST) {
            throw wrong(path, "nests schemas " + depth + " deep, but takes " + DEEPEST + " levels at most");
        }
        if (schema.isBoolean()) {
            return;
        }
        if (!schema.isObject()) {
            throw wrong(path, "is " + shown(schema) + ": it must be a schema: an object, true or false");
        }
        for (Map.Entry<String, JsonNode> member : schema.properties()) {
            keyword(member.getKey(), member.getValue(), path + "." + member.getKey(), depth);
        }
    }

    private void keyword(String name, JsonNode value, String path, int depth) throws SchemaException {
        switch (name) {
            case "type" -> type(value, path);
            case "properties", "$defs", "definitions" -> {
                require(value.isObject(), value, path, "an object of schemas");
                for (Map.Entry<String, JsonNode> member : value.properties()) {
                    schema(member.getValue(), path + "." + member.getKey(), depth + 1);
                }
            }
            case "items", "additionalProperties", "not" -> schema(value, path, depth + 1);
            case "anyOf", "oneOf", "allOf" -> {
                require(value.isArray() && !value.isEmpty(), value, path, "a list of schemas");
                for (int i = 0; i < value.size(); i++) {
                    schema(value.get(i), path + "[" + i + "]", depth + 1);
                }
            }
            case "required" -> require(isTexts(value), value, path, "a list of names");
            case "enum" -> require(value.isArray() && !value.isEmpty(), value, path, "a list of values");
            case "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum" ->
                require(value.isNumber(), value, path, "a number");
            case "minLength", "maxLength", "minItems", "maxItems" ->
                require(value.canConvertToInt() && value.intValue() >= 0, value, path, "a whole number from 0");
            case "$ref" ->
                require(
                        value.isTextual() && target(root, value.textValue()).isPresent(),
                        value,
                        path,
                        "a reference to a part of this schema, such as #/$defs/name");
            default -> {}
        }
    }

    private static void type(JsonNode value, String path) throws SchemaException {
        boolean known = value.isTextual() && TYPES.contains(value.textValue());
        if (value.isArray() && isTexts(value)) {
            known = !value.isEmpty();
            for (JsonNode word : value) {
                known &= TYPES.contains(word.textValue());
            }
        }
        require(
                known,
                value,
                path,
                "one of " + String.join(", ", TYPES.stream().sorted().toList()));
    }

    private static boolean isTexts(JsonNode value) {
        boolean texts = value.isArray();
        for (JsonNode element : value) {
            texts &= element.isTextual();
        }
        return texts;
    }

    /** The schema that a reference points to: {@code #}, or a JSON pointer after it. */
    static Optional<JsonNode> target(JsonNode root, String reference) {
        if (reference.equals("#")) {
            return Optional.of(root);
        }
        if (!reference.startsWith("#/")) {
            return Optional.empty();
        }
        JsonNode target = root.at(reference.substring(1));
        return target.isObject() || target.isBoolean() ? Optional.of(target) : Optional.empty();
    }

    private static void require(boolean right, JsonNode value, String path, String takes) throws SchemaException {
        if (!right) {
            throw wrong(path, "is " + shown(value) + ": it must be " + takes);
        }
    }

    private static SchemaException wrong(String path, String what) {
        return new SchemaException(
                (path.isEmpty() ? "" : "is not a JSON Schema: its " + path.substring(1) + " ") + what);
    }

    private static String shown(JsonNode value) {
        return ShapeCheck.shown(value);
    }
}
