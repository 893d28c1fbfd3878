package dev.codexmcp.tool.schema;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.codexmcp.json.Json;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One argument of a tool: its JSON schema and how its value is read, in one description, so that they always agree.
 *
 * @param <T> the type of the value
 */
public final class Parameter<T> {
    /** How many characters of a wrong value a message shows. */
    private static final int SHOWN = 60;

    private final String name;
    private final String description;
    private final String takes;
    private final Schema schema;
    private final Reader<T> reader;
    private final boolean required;

    /** Writes the schema members that constrain the value. */
    @FunctionalInterface
    private interface Schema {
        void writeTo(JsonGenerator json) throws IOException;
    }

    /** Reads a value; returns null if it is wrong. */
    @FunctionalInterface
    private interface Reader<T> {
        @Nullable
        T read(JsonNode node, String path) throws BadArgumentException;
    }

    private Parameter(
            String name, String description, String takes, Schema schema, Reader<T> reader, boolean required) {
        this.name = name;
        this.description = description;
        this.takes = takes;
        this.schema = schema;
        this.reader = reader;
        this.required = required;
    }

    /** Any text. */
    public static Parameter<String> text(String name, String description) {
        return text(name, description, "a string", text -> true);
    }

    /** Text for a command line, which can't hold a NUL character. */
    public static Parameter<String> argument(String name, String description) {
        return text(name, description, "a string without NUL characters", text -> text.indexOf('\0') < 0);
    }

    private static Parameter<String> text(String name, String description, String takes, Predicate<String> right) {
        return optional(
                name,
                description,
                takes,
                type("string"),
                (node, path) -> node.isTextual() && right.test(node.textValue()) ? string(node) : null);
    }

    private static <T> Parameter<T> optional(
            String name, String description, String takes, Schema schema, Reader<T> reader) {
        return new Parameter<>(name, description, takes, schema, reader, false);
    }

    /** A whole number within a range; 5.0 is 5. */
    public static Parameter<Integer> integer(String name, int min, int max, String description) {
        return integer(name, min, max, description, json -> {});
    }

    /** A whole number within a range, with a default. */
    public static Parameter<Integer> integer(String name, int min, int max, int byDefault, String description) {
        return integer(name, min, max, description, json -> json.writeNumberField("default", byDefault));
    }

    /** A whole number of a result, of any size. */
    public static Parameter<Long> count(String name, String description) {
        return optional(
                name,
                description,
                "a whole number",
                type("integer"),
                (node, path) -> node.isIntegralNumber() ? Long.valueOf(node.longValue()) : null);
    }

    private static Parameter<Integer> integer(String name, int min, int max, String description, Schema byDefault) {
        Schema schema = json -> {
            json.writeStringField("type", "integer");
            json.writeNumberField("minimum", min);
            if (max < Integer.MAX_VALUE) {
                json.writeNumberField("maximum", max);
            }
            byDefault.writeTo(json);
        };
        return optional(
                name, description, "a whole number from " + min + " to " + max, schema, (n, p) -> whole(n, min, max));
    }

    private static @Nullable Integer whole(JsonNode node, int min, int max) {
        if (!node.isNumber() || !Double.isFinite(node.doubleValue())) {
            return null;
        }
        BigDecimal value = node.decimalValue();
        boolean inRange =
                value.compareTo(BigDecimal.valueOf(min)) >= 0 && value.compareTo(BigDecimal.valueOf(max)) <= 0;
        return inRange && value.remainder(BigDecimal.ONE).signum() == 0 ? Integer.valueOf(value.intValue()) : null;
    }

    public static Parameter<Boolean> flag(String name, String description) {
        return optional(
                name,
                description,
                "true or false",
                type("boolean"),
                (node, path) -> node.isBoolean() ? Boolean.valueOf(node.booleanValue()) : null);
    }

    /** One of a few words. */
    public static Parameter<String> word(String name, List<String> words, String description) {
        Schema schema = json -> {
            json.writeStringField("type", "string");
            writeWords(json, words);
        };
        return optional(
                name,
                description,
                "one of " + String.join(", ", words),
                schema,
                (node, path) -> node.isTextual() && words.contains(node.textValue()) ? node.textValue() : null);
    }

    /** A list of strings, at least {@code min} of them. */
    public static Parameter<List<String>> texts(String name, int min, String description) {
        return list(name, min, text("", ""), description);
    }

    /** A list of such words. */
    public static Parameter<List<String>> words(String name, List<String> words, String description) {
        return list(name, 0, word("", words, ""), description);
    }

    private static <T> Parameter<List<T>> list(String name, int min, Parameter<T> element, String description) {
        Schema schema = json -> {
            json.writeStringField("type", "array");
            json.writeObjectFieldStart("items");
            element.schema.writeTo(json);
            json.writeEndObject();
            if (min > 0) {
                json.writeNumberField("minItems", min);
            }
        };
        String takes = "a list" + (min > 0 ? " of at least " + min : "") + ", each " + element.takes;
        return optional(name, description, takes, schema, (node, path) -> elements(node, path, min, element));
    }

    private static <T> @Nullable List<T> elements(JsonNode node, String path, int min, Parameter<T> element)
            throws BadArgumentException {
        if (!node.isArray() || node.size() < min) {
            return null;
        }
        List<T> elements = new ArrayList<>();
        for (int i = 0; i < node.size(); i++) {
            elements.add(element.read(node.get(i), path + "[" + i + "]"));
        }
        return elements;
    }

    /** An object with these fields. */
    public static Parameter<Arguments> object(String name, List<Parameter<?>> fields, String description) {
        return optional(
                name,
                description,
                "an object",
                json -> ObjectSchema.writeMembers(json, fields),
                (node, path) -> node.isObject() ? new Arguments(node, path + ".") : null);
    }

    /** An object with any fields. Models that can write no open object send its text, so the text will do, too. */
    public static Parameter<JsonNode> openObject(String name, String description) {
        return new Parameter<>(
                name,
                description,
                "an object",
                json -> ObjectSchema.writeMembers(json, List.of()),
                (node, path) -> {
                    JsonNode object = node.isTextual() ? parsed(node.textValue()) : node;
                    return object.isObject() ? object : null;
                },
                false);
    }

    private static JsonNode parsed(String text) {
        try {
            return Texts.MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    /** A class of its own, since a mapper takes 30 ms and 6 MB, and few calls need it. */
    private static final class Texts {
        static final ObjectMapper MAPPER = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    }

    /**
     * A list of at least {@code min} objects with these fields. Elements that are not objects are left to the caller.
     */
    public static Parameter<List<JsonNode>> objects(
            String name, int min, List<Parameter<?>> fields, String description) {
        Parameter<JsonNode> element =
                optional("", "", "an object", json -> ObjectSchema.writeMembers(json, fields), (node, path) -> node);
        return list(name, min, element, description);
    }

    /** The same field, but required. */
    public Parameter<T> required() {
        return new Parameter<>(name, description, takes, schema, reader, true);
    }

    /** The same field with another description. */
    public Parameter<T> withDescription(String other) {
        return new Parameter<>(name, other, takes, schema, reader, required);
    }

    /** The same field, for a schema that stands beside one that describes it. */
    public Parameter<T> withoutDescription() {
        return new Parameter<>(name, "", takes, schema, reader, required);
    }

    /** The same fields, for a schema that stands beside one that describes them. */
    public static List<Parameter<?>> withoutDescriptions(List<Parameter<?>> fields) {
        List<Parameter<?>> bare = new ArrayList<>();
        fields.forEach(field -> bare.add(field.withoutDescription()));
        return bare;
    }

    /** The same field of a result, but it may be null. */
    public Parameter<T> nullable(String type) {
        Schema both = json -> {
            json.writeArrayFieldStart("anyOf"); // strict readers take no list of types
            for (String each : List.of(type, "null")) {
                json.writeStartObject();
                json.writeStringField("type", each);
                json.writeEndObject();
            }
            json.writeEndArray();
        };
        return new Parameter<>(name, description, takes, both, reader, required);
    }

    public String name() {
        return name;
    }

    public String takes() {
        return takes;
    }

    public T read(JsonNode node, String path) throws BadArgumentException {
        T value = reader.read(node, path);
        if (value == null) {
            throw new BadArgumentException("\"" + path + "\" is " + shown(node) + ": it must be " + takes + ".");
        }
        return value;
    }

    boolean isRequired() {
        return required;
    }

    /** Writes the field's member of an object's schema. */
    void writeTo(JsonGenerator json) throws IOException {
        json.writeObjectFieldStart(name);
        schema.writeTo(json);
        if (!description.isEmpty()) {
            json.writeStringField("description", description);
        }
        json.writeEndObject();
    }

    private static void writeWords(JsonGenerator json, List<String> words) throws IOException {
        json.writeArrayFieldStart("enum");
        for (String word : words) {
            json.writeString(word);
        }
        json.writeEndArray();
    }

    private static Schema type(String type) {
        return json -> json.writeStringField("type", type);
    }

    private static String string(JsonNode node) {
        return Json.wellFormed(node.textValue());
    }

    private static String shown(JsonNode node) {
        String text = node.toString();
        String cut = text.length() <= SHOWN ? text : Json.wellFormed(text.substring(0, SHOWN)) + "…";
        return node.isArray() && node.isEmpty() ? "an empty list" : cut;
    }
}
