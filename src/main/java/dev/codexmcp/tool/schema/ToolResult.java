package dev.codexmcp.tool.schema;

import dev.codexmcp.json.ByteSlice;
import dev.codexmcp.json.JsonWritable;
import java.util.Optional;

/** What a tool answers. */
public sealed interface ToolResult {
    /**
     * Plain text, for a model to read.
     *
     * @param meta an object with facts about the answer, for the host
     */
    record Text(String text, Optional<JsonWritable> meta) implements ToolResult {
        public Text(String text) {
            this(text, Optional.empty());
        }
    }

    /** A small object: as text, compact, and as structured content, since some hosts show the one and some the other. */
    record Json(JsonWritable object) implements ToolResult {}

    /** Text that is also there as an object. */
    record TextAndJson(String text, JsonWritable object) implements ToolResult {}

    /** A long text that is already escaped, as it stands inside a JSON string: no copy is made of it. */
    record EscapedText(ByteSlice text) implements ToolResult {}

    /** What the tool was asked for can't be done; the text says why and what to do. */
    record Failure(String text) implements ToolResult {}
}
