package dev.codexmcp.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;

/** {@code POST /v1/messages}, which Claude Code speaks. */
record AnthropicMessages() implements HostProtocol {

    @Override
    public String path() {
        return "/v1/messages";
    }

    @Override
    public HostConversation read(JsonNode body) {
        HostConversation conversation = new HostConversation();
        body.path("tools").forEach(tool -> conversation.tool(tool.path("name").asText()));
        for (JsonNode message : body.path("messages")) {
            if (!message.path("role").asText().equals("user")) {
                continue;
            }
            if (message.path("content").isTextual()) {
                conversation.user(message.path("content").asText());
            }
            for (JsonNode block : message.path("content")) {
                if (block.path("type").asText().equals("tool_result")) {
                    conversation.answer(
                            block.path("tool_use_id").asText(), HostConversation.text(block.path("content")));
                } else {
                    conversation.user(block.path("text").asText());
                }
            }
        }
        return conversation;
    }

    @Override
    public void write(ModelRequest request, List<HostConversation.Part> parts, HostAnswer answer) throws IOException {
        boolean calls = parts.stream().anyMatch(HostConversation.Part.Call.class::isInstance);
        String reason = calls ? "tool_use" : "end_turn";
        ObjectNode message = TestJson.object()
                .put("id", "msg_1")
                .put("type", "message")
                .put("role", "assistant")
                .put("model", request.model());
        message.putObject("usage").put("input_tokens", 100).put("output_tokens", 20);
        ArrayNode content = message.putArray("content");
        if (!request.body().path("stream").asBoolean()) {
            parts.forEach(part -> content.add(block(part, true)));
            answer.object(message.put("stop_reason", reason));
            return;
        }
        answer.event("message_start", event("message_start").set("message", message));
        for (int index = 0; index < parts.size(); index++) {
            ObjectNode start = event("content_block_start").put("index", index);
            answer.event("content_block_start", start.set("content_block", block(parts.get(index), false)));
            ObjectNode delta = event("content_block_delta").put("index", index);
            answer.event("content_block_delta", delta.set("delta", delta(parts.get(index))));
            answer.event("content_block_stop", event("content_block_stop").put("index", index));
        }
        ObjectNode end = event("message_delta");
        end.putObject("delta").put("stop_reason", reason);
        end.putObject("usage").put("output_tokens", 20);
        answer.event("message_delta", end);
        answer.event("message_stop", event("message_stop"));
        answer.endOfEvents("");
    }

    private static ObjectNode event(String type) {
        return TestJson.object().put("type", type);
    }

    private static ObjectNode block(HostConversation.Part part, boolean whole) {
        if (part instanceof HostConversation.Part.Call call) {
            ObjectNode block = event("tool_use").put("id", call.id()).put("name", call.tool());
            return block.set("input", whole ? call.arguments() : TestJson.object());
        }
        return event("text").put("text", whole && part instanceof HostConversation.Part.Text text ? text.text() : "");
    }

    private static ObjectNode delta(HostConversation.Part part) {
        return part instanceof HostConversation.Part.Call call
                ? event("input_json_delta").put("partial_json", call.arguments().toString())
                : event("text_delta").put("text", ((HostConversation.Part.Text) part).text());
    }
}
