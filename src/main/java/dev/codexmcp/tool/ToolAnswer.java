package dev.codexmcp.tool;

import dev.codexmcp.job.EventPage;
import dev.codexmcp.json.JsonWritable;
import java.util.Optional;

/** What a tool answers. */
public sealed interface ToolAnswer {
    /**
     * Plain text, for a model to read.
     *
     * @param meta an object with facts about the answer, for the host
     */
    record Text(String text, Optional<JsonWritable> meta) implements ToolAnswer {
        public Text(String text) {
            this(text, Optional.empty());
        }
    }

    /** A small object: as text, compact, and as structured content, since some hosts show the one and some the other. */
    record Json(JsonWritable object) implements ToolAnswer {}

    /** Text that is also there as an object. */
    record TextAndJson(String text, JsonWritable object) implements ToolAnswer {}

    /** A page of events. */
    record Events(EventPage page) implements ToolAnswer {}

    /** What the tool was asked for can't be done; the text says why and what to do. */
    record Failure(String text) implements ToolAnswer {}
}
