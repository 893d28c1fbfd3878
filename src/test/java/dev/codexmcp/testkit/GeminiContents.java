package dev.codexmcp.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;

/** {@code POST /v1beta/models/MODEL:generateContent}, which Gemini CLI speaks, and its streamed form. */
record GeminiContents() implements HostProtocol {

    @Override
    public String path() {
        return "/v1beta/models/[^/]+:(generateContent|streamGenerateContent)";
    }

    @Override
    public HostConversation read(JsonNode body) {
        HostConversation conversation = new HostConversation();
        for (JsonNode group : body.path("tools")) {
            group.path("functionDeclarations")
                    .forEach(tool -> conversation.tool(tool.path("name").asText()));
        }
        for (JsonNode content : body.path("contents")) {
            for (JsonNode part : content.path("parts")) {
                if (part.has("functionResponse")) {
                    JsonNode response = part.path("functionResponse");
                    JsonNode output = response.path("response").path("output");
                    conversation.answer(
                            response.path("id").asText(),
                            output.isMissingNode() ? response.path("response").toString() : output.asText());
                } else if (content.path("role").asText().equals("user")) {
                    conversation.user(part.path("text").asText());
                }
            }
        }
        return conversation;
    }

    @Override
    public void write(ModelRequest request, List<HostConversation.Part> parts, HostAnswer answer) throws IOException {
        ObjectNode response = TestJson.object().put("modelVersion", "any").put("responseId", "any");
        ObjectNode candidate = response.putArray("candidates").addObject().put("finishReason", "STOP");
        ObjectNode content = candidate.putObject("content").put("role", "model");
        ArrayNode entries = content.putArray("parts");
        for (HostConversation.Part part : parts) {
            if (part instanceof HostConversation.Part.Call call) {
                entries.addObject()
                        .putObject("functionCall")
                        .put("id", call.id())
                        .put("name", call.tool())
                        .set("args", call.arguments());
            } else if (part instanceof HostConversation.Part.Text text) {
                entries.addObject().put("text", text.text());
            }
        }
        response.putObject("usageMetadata")
                .put("promptTokenCount", 100)
                .put("candidatesTokenCount", 20)
                .put("totalTokenCount", 120);
        if (request.path().endsWith(":streamGenerateContent")) {
            answer.event(response);
            answer.endOfEvents("");
        } else {
            answer.object(response);
        }
    }
}
