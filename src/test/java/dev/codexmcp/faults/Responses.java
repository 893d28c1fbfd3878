package dev.codexmcp.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.testkit.TestJson;

/** Reads responses to tool calls, with a {@code result} or an {@code error}. */
final class Responses {
    private Responses() {}

    /** The text of a tool's answer, whether it failed or not. */
    static String text(JsonNode response) {
        return response.path("result").path("content").path(0).path("text").asText();
    }

    static boolean failed(JsonNode response) {
        return response.has("error") || response.path("result").path("isError").asBoolean();
    }

    /** The object in a tool's answer, which must not have failed. */
    static JsonNode json(JsonNode response) {
        assertThat(failed(response)).as("response %s", response).isFalse();
        return TestJson.parse(text(response));
    }
}
