package dev.codexmcp.tool.schema;

import dev.codexmcp.json.ByteSlice;
import dev.codexmcp.json.JsonWritable;
import java.util.Optional;

/** The result of a tool call. */
public sealed interface ToolResult {
    /**
     * Plain text, for a model to read.
     *
     * @param meta an object with metadata for the host
     */
    record Text(String text, Optional<JsonWritable> meta) implements ToolResult {
        public Text(String text) {
            this(text, Optional.empty());
        }
    }

    /** A small object, sent both as compact text and as structured content: hosts show one or the other. */
    record Json(JsonWritable object) implements ToolResult {}

    /** Text that also comes as an object. */
    record TextAndJson(String text, JsonWritable object) implements ToolResult {}

    /** A long text, already escaped for a JSON string, so that it need not be copied. */
    record EscapedText(ByteSlice text) implements ToolResult {}

    /** The call failed; the text says why and what to do. */
    record Failure(String text) implements ToolResult {}
}
