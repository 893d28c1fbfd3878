package dev.codexmcp.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.UUID;

/** The items of a model's reply, as the Responses protocol defines them. */
final class ModelItems {

    /** A script may wait for other jobs, so the CLI must wait longer for its end than the default of 30 s. */
    private static final String PATIENT = "// @exec: {\"yield_time_ms\": 600000}\n";

    private ModelItems() {}

    static ObjectNode message(String text) {
        ObjectNode item = item("message", "msg").put("role", "assistant");
        item.putArray("content").addObject().put("type", "output_text").put("text", text);
        return item;
    }

    static ObjectNode reasoning(String text) {
        ObjectNode item = item("reasoning", "rs").put("encrypted_content", "c2VjcmV0");
        item.putArray("summary").addObject().put("type", "summary_text").put("text", text);
        return item;
    }

    static ObjectNode webSearch(String query) {
        ObjectNode item = item("web_search_call", "ws").put("status", "completed");
        item.putObject("action")
                .put("type", "search")
                .put("query", query)
                .putArray("queries")
                .add(query);
        return item;
    }

    static ObjectNode functionCall(String callId, String name, JsonNode arguments) {
        return item("function_call", "fc")
                .put("call_id", callId)
                .put("name", name)
                .put("arguments", arguments.toString());
    }

    static ObjectNode customCall(String callId, String name, String input) {
        return item("custom_tool_call", "ctc")
                .put("call_id", callId)
                .put("name", name)
                .put("input", input);
    }

    /** The one call of a model in code mode. */
    static ObjectNode codeCall(String callId, String code) {
        return customCall(callId, "exec", PATIENT + code);
    }

    private static ObjectNode item(String type, String idPrefix) {
        return TestJson.object().put("type", type).put("id", idPrefix + "_" + UUID.randomUUID());
    }
}
