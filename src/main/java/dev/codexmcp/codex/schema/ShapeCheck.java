package dev.codexmcp.codex.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.json.Json;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;

/**
 * Compares a value with a schema: its types, values, members, lengths and limits. Keywords beyond that, such as
 * {@code pattern} and {@code format}, are left to the model's provider.
 */
final class ShapeCheck {
    /** The deepest nesting of value and schema: beyond it, a schema refers to itself without end. */
    private static final int DEEPEST = 200;

    /** How many pairs of value and schema are compared: alternatives that refer to themselves could be endless. */
    private static final int MOST_STEPS = 1_000_000;

    /** How many characters of a value a complaint shows. */
    private static final int SHOWN = 60;

    private static final Comparator<JsonNode> BY_VALUE = (one, other) ->
            one.isNumber() && other.isNumber() ? one.decimalValue().compareTo(other.decimalValue()) : 1;

    private final JsonNode root;
    private int steps;

    ShapeCheck(JsonNode root) {
        this.root = root;
    }

    /** The first thing that is wrong with a value. */
    Optional<String> complaint(JsonNode value) {
        return of(value, root, "$", 0);
    }

    private Optional<String> of(JsonNode value, JsonNode schema, String path, int depth) {
        if (depth > DEEPEST || ++steps > MOST_STEPS) {
            return Optional.of(
                    path + " cannot be checked: value and schema nest too deep, or have too many alternatives");
        }
        if (schema.isBoolean()) {
            return schema.booleanValue() ? Optional.empty() : Optional.of(path + " is not allowed");
        }
        return reference(value, schema, path, depth)
                .or(() -> type(value, schema, path))
                .or(() -> values(value, schema, path))
                .or(() -> limits(value, schema, path))
                .or(() -> value.isObject() ? members(value, schema, path, depth) : Optional.empty())
                .or(() -> value.isArray() ? elements(value, schema, path, depth) : Optional.empty())
                .or(() -> combined(value, schema, path, depth));
    }

    private Optional<String> reference(JsonNode value, JsonNode schema, String path, int depth) {
        return SchemaSyntax.target(root, schema.path("$ref").asText())
                .flatMap(target -> of(value, target, path, depth + 1));
    }

    private static Optional<String> type(JsonNode value, JsonNode schema, String path) {
        JsonNode type = schema.path("type");
        boolean right = type.isMissingNode() || isOf(value, type.asText());
        for (JsonNode word : type) {
            right |= isOf(value, word.asText());
        }
        return right ? Optional.empty() : Optional.of(path + " is " + shown(value) + ", not " + words(type));
    }

    private static String words(JsonNode type) {
        return type.isTextual() ? type.textValue() : type.toString();
    }

    private static boolean isOf(JsonNode value, String type) {
        return switch (type) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isTextual();
            case "boolean" -> value.isBoolean();
            case "null" -> value.isNull();
            case "number" -> value.isNumber();
            case "integer" ->
                value.isNumber() && value.decimalValue().stripTrailingZeros().scale() <= 0;
            default -> false;
        };
    }

    private static Optional<String> values(JsonNode value, JsonNode schema, String path) {
        JsonNode constant = schema.get("const");
        if (constant != null && !constant.equals(BY_VALUE, value)) {
            return Optional.of(path + " is " + shown(value) + ", not " + shown(constant));
        }
        JsonNode allowed = schema.get("enum");
        boolean right = allowed == null;
        if (allowed != null) {
            for (JsonNode each : allowed) {
                right |= each.equals(BY_VALUE, value);
            }
        }
        return right ? Optional.empty() : Optional.of(path + " is " + shown(value) + ", not one of " + shown(allowed));
    }

    private static Optional<String> limits(JsonNode value, JsonNode schema, String path) {
        if (value.isNumber()) {
            return limit(value, schema, "minimum", 1, true, path)
                    .or(() -> limit(value, schema, "maximum", -1, true, path))
                    .or(() -> limit(value, schema, "exclusiveMinimum", 1, false, path))
                    .or(() -> limit(value, schema, "exclusiveMaximum", -1, false, path));
        }
        if (value.isTextual()) {
            String text = value.textValue();
            return size(text.codePointCount(0, text.length()), schema, "Length", path);
        }
        return value.isArray() ? size(value.size(), schema, "Items", path) : Optional.empty();
    }

    private static Optional<String> limit(
            JsonNode value, JsonNode schema, String name, int sign, boolean inclusive, String path) {
        JsonNode limit = schema.path(name);
        if (!limit.isNumber()) {
            return Optional.empty();
        }
        int order = sign * value.decimalValue().compareTo(limit.decimalValue());
        boolean right = inclusive ? order >= 0 : order > 0;
        return right
                ? Optional.empty()
                : Optional.of(path + " is " + shown(value) + ", beyond its " + name + " " + limit);
    }

    private static Optional<String> size(int size, JsonNode schema, String what, String path) {
        boolean right = size >= schema.path("min" + what).asInt(0)
                && size <= schema.path("max" + what).asInt(Integer.MAX_VALUE);
        return right
                ? Optional.empty()
                : Optional.of(path + " has a size of " + size + ", beyond its min" + what + " or max" + what);
    }

    private Optional<String> members(JsonNode object, JsonNode schema, String path, int depth) {
        for (JsonNode name : schema.path("required")) {
            if (!object.has(name.asText())) {
                return Optional.of(path + " lacks \"" + name.asText() + "\"");
            }
        }
        JsonNode properties = schema.path("properties");
        JsonNode others = schema.get("additionalProperties");
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            JsonNode known = properties.get(member.getKey());
            JsonNode shape = known != null ? known : others;
            Optional<String> wrong = shape == null
                    ? Optional.empty()
                    : of(member.getValue(), shape, path + "." + member.getKey(), depth + 1);
            if (wrong.isPresent()) {
                return wrong;
            }
        }
        return Optional.empty();
    }

    private Optional<String> elements(JsonNode array, JsonNode schema, String path, int depth) {
        JsonNode items = schema.get("items");
        for (int i = 0; items != null && i < array.size(); i++) {
            Optional<String> wrong = of(array.get(i), items, path + "[" + i + "]", depth + 1);
            if (wrong.isPresent()) {
                return wrong;
            }
        }
        return Optional.empty();
    }

    private Optional<String> combined(JsonNode value, JsonNode schema, String path, int depth) {
        for (JsonNode each : schema.path("allOf")) {
            Optional<String> wrong = of(value, each, path, depth + 1);
            if (wrong.isPresent()) {
                return wrong;
            }
        }
        if (schema.has("anyOf") && matches(value, schema.path("anyOf"), path, depth) == 0) {
            return Optional.of(path + " is " + shown(value) + ", which matches none of its anyOf");
        }
        if (schema.has("oneOf") && matches(value, schema.path("oneOf"), path, depth) != 1) {
            return Optional.of(path + " is " + shown(value) + ", which does not match exactly one of its oneOf");
        }
        return schema.has("not")
                        && of(value, schema.path("not"), path, depth + 1).isEmpty()
                ? Optional.of(path + " is " + shown(value) + ", which its not forbids")
                : Optional.empty();
    }

    private int matches(JsonNode value, JsonNode schemas, String path, int depth) {
        int matches = 0;
        for (JsonNode each : schemas) {
            matches += of(value, each, path, depth + 1).isEmpty() ? 1 : 0;
        }
        return matches;
    }

    static String shown(JsonNode value) {
        String text = value.toString();
        return text.length() <= SHOWN ? text : Json.wellFormed(text.substring(0, SHOWN)) + "…";
    }
}
