package dev.codexmcp.tool;

import dev.codexmcp.job.EventPage;
import dev.codexmcp.json.JsonWritable;

/** What a tool answers. */
public sealed interface ToolAnswer {
    /** Plain text, for a model to read. */
    record Text(String text) implements ToolAnswer {}

    /** A small object, as compact JSON. */
    record Json(JsonWritable object) implements ToolAnswer {}

    /** A page of events. */
    record Events(EventPage page) implements ToolAnswer {}

    /** What the tool was asked for can't be done; the text says why and what to do. */
    record Failure(String text) implements ToolAnswer {}
}
