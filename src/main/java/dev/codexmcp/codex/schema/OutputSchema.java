package dev.codexmcp.codex.schema;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A JSON Schema for a worker's final message. Two are equal if they are the same JSON. */
public final class OutputSchema {
    /** The longest schema, in bytes of compact JSON. */
    public static final int LONGEST = 256 * 1024;

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private final JsonNode root;
    private final String json;

    private OutputSchema(JsonNode root) {
        this.root = root;
        this.json = root.toString();
    }

    /**
     * Takes a schema whose keywords have values of the right kind and whose references point into the schema itself.
     *
     * @throws SchemaException if it is not one, or is longer than {@value #LONGEST} bytes
     */
    public static OutputSchema of(JsonNode schema) throws SchemaException {
        OutputSchema made = new OutputSchema(schema);
        int bytes = made.json.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > LONGEST) {
            throw new SchemaException("has " + bytes + " bytes, but takes " + LONGEST + " at most");
        }
        new SchemaSyntax(schema).check();
        return made;
    }

    /** Whether it is {@code {}}: it asks for nothing, not even JSON. */
    public boolean isEmpty() {
        return root.isEmpty();
    }

    /** The schema as compact JSON. */
    public String json() {
        return json;
    }

    /**
     * A final message, read with the schema.
     *
     * @param value the JSON value that it is, whether or not it has the right shape; empty if it is not JSON
     * @param complaint the first thing that is wrong with it; empty if it has the shape
     */
    public record Answer(Optional<JsonNode> value, Optional<String> complaint) {}

    /** Checks a worker's final message. */
    public Answer check(String message) {
        JsonNode value;
        try {
            value = MAPPER.readTree(message);
        } catch (JsonProcessingException e) {
            return new Answer(Optional.empty(), Optional.of("it is not JSON: " + e.getOriginalMessage()));
        }
        if (value.isMissingNode()) {
            return new Answer(Optional.empty(), Optional.of("it is empty"));
        }
        return new Answer(Optional.of(value), new ShapeCheck(root).complaint(value));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof OutputSchema schema && schema.root.equals(root);
    }

    @Override
    public int hashCode() {
        return root.hashCode();
    }

    @Override
    public String toString() {
        return json;
    }
}
