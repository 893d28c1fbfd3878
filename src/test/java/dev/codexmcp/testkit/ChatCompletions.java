package dev.codexmcp.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code POST /v1/chat/completions}, which Copilot CLI, opencode, Qwen Code, Cline and Continue speak. */
record ChatCompletions() implements HostProtocol {

    @Override
    public String path() {
        return "/v1/chat/completions";
    }

    @Override
    public HostConversation read(JsonNode body) {
        HostConversation conversation = new HostConversation();
        body.path("tools")
                .forEach(tool ->
                        conversation.tool(tool.path("function").path("name").asText()));
        for (JsonNode message : body.path("messages")) {
            String text = HostConversation.text(message.path("content"));
            switch (message.path("role").asText()) {
                case "user" -> conversation.user(text);
                case "tool" -> conversation.answer(message.path("tool_call_id").asText(), text);
                default -> {}
            }
        }
        return conversation;
    }

    @Override
    public void write(ModelRequest request, List<HostConversation.Part> parts, HostAnswer answer) throws IOException {
        boolean streamed = request.body().path("stream").asBoolean();
        ObjectNode message = message(parts);
        String reason = message.has("tool_calls") ? "tool_calls" : "stop";
        if (!streamed) {
            ObjectNode whole = completion(request, false);
            choice(whole, reason).set("message", message);
            answer.object(withUsage(whole));
            return;
        }
        ObjectNode first = completion(request, true);
        choice(first, null).set("delta", message);
        answer.event(first);
        ObjectNode end = completion(request, true);
        choice(end, reason).putObject("delta");
        answer.event(end);
        answer.event(withUsage(completion(request, true)));
        answer.endOfEvents("data: [DONE]\n\n");
    }

    private static ObjectNode message(List<HostConversation.Part> parts) {
        ObjectNode message = TestJson.object().put("role", "assistant");
        ArrayNode calls = TestJson.array();
        StringBuilder texts = new StringBuilder();
        for (HostConversation.Part part : parts) {
            if (part instanceof HostConversation.Part.Call call) {
                ObjectNode entry = calls.addObject()
                        .put("index", calls.size() - 1)
                        .put("id", call.id())
                        .put("type", "function");
                entry.putObject("function")
                        .put("name", call.tool())
                        .put("arguments", call.arguments().toString());
            } else if (part instanceof HostConversation.Part.Text text) {
                texts.append(text.text());
            }
        }
        message.put("content", texts.toString());
        return calls.isEmpty() ? message : message.set("tool_calls", calls);
    }

    private static ObjectNode completion(ModelRequest request, boolean streamed) {
        ObjectNode completion = TestJson.object()
                .put("id", "chatcmpl-1")
                .put("object", streamed ? "chat.completion.chunk" : "chat.completion")
                .put("created", 1)
                .put("model", request.model());
        completion.putArray("choices");
        return completion;
    }

    private static ObjectNode choice(ObjectNode completion, @Nullable String reason) {
        return completion.withArray("choices").addObject().put("index", 0).put("finish_reason", reason);
    }

    private static ObjectNode withUsage(ObjectNode completion) {
        completion
                .putObject("usage")
                .put("prompt_tokens", 100)
                .put("completion_tokens", 20)
                .put("total_tokens", 120);
        return completion;
    }
}
