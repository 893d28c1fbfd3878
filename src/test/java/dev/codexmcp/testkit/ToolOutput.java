package dev.codexmcp.testkit;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * The answer of a tool.
 *
 * @param result the {@code result} of the JSON-RPC response
 */
public record ToolOutput(JsonNode result) {

    public boolean isError() {
        return result.path("isError").asBoolean();
    }

    /** The text of the first content. */
    public String text() {
        return result.path("content").path(0).path("text").asText();
    }

    /** The text, which must be JSON and not an error. */
    public JsonNode json() {
        if (isError()) {
            throw new AssertionError("the tool failed: " + text());
        }
        return TestJson.parse(text());
    }

    /** The structured content; a missing node if there is none. */
    public JsonNode structured() {
        return result.path("structuredContent");
    }
}
