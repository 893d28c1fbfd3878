package dev.codexmcp.tool;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.codexmcp.conversation.Conversation;
import dev.codexmcp.conversation.ConversationStore;
import dev.codexmcp.json.IsoTime;
import dev.codexmcp.json.Json;
import dev.codexmcp.tool.schema.Arguments;
import dev.codexmcp.tool.schema.ExecutionModel;
import dev.codexmcp.tool.schema.Parameter;
import dev.codexmcp.tool.schema.ToolAnnotations;
import dev.codexmcp.tool.schema.ToolResult;
import dev.codexmcp.tool.schema.ToolSpecification;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Lists the conversations of the codex tool. */
final class ListSessionsTool implements Tool {
    private static final ToolSpecification SPEC = new ToolSpecification(
            "listSessions",
            "List sessions",
            "List the conversations started with the codex tool's sessionId.",
            ToolAnnotations.LOOKS,
            List.of(),
            List.of(Parameter.objects(
                            "sessions",
                            0,
                            List.of(
                                    Parameter.text("id", "The sessionId.").required(),
                                    Parameter.text("createdAt", "ISO 8601, UTC.")
                                            .required(),
                                    Parameter.text("lastAccessedAt", "ISO 8601, UTC.")
                                            .required(),
                                    Parameter.integer("turnCount", 0, Integer.MAX_VALUE, "Successful turns.")
                                            .required()),
                            "Least recently used first.")
                    .required()),
            ExecutionModel.QUICK);

    private final ConversationStore conversations;

    ListSessionsTool(ConversationStore conversations) {
        this.conversations = conversations;
    }

    @Override
    public ToolSpecification spec() {
        return SPEC;
    }

    @Override
    public CompletableFuture<ToolResult> call(Arguments arguments, Caller caller) {
        List<Conversation> all = conversations.all();
        String text = all.isEmpty()
                ? "No active sessions"
                : new String(Json.bytes(json -> writeList(json, all)), StandardCharsets.UTF_8);
        return CompletableFuture.completedFuture(new ToolResult.TextAndJson(text, json -> {
            json.writeStartObject();
            json.writeFieldName("sessions");
            writeList(json, all);
            json.writeEndObject();
        }));
    }

    private static void writeList(JsonGenerator json, List<Conversation> conversations) throws IOException {
        json.writeStartArray();
        for (Conversation conversation : conversations) {
            json.writeStartObject();
            json.writeStringField("id", conversation.id());
            json.writeStringField("createdAt", IsoTime.format(conversation.createdAt()));
            json.writeStringField("lastAccessedAt", IsoTime.format(conversation.lastAccessedAt()));
            json.writeNumberField("turnCount", conversation.turnCount());
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
