package dev.codexmcp.tool;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.codexmcp.json.IsoTime;
import dev.codexmcp.json.Json;
import dev.codexmcp.session.Conversation;
import dev.codexmcp.session.ConversationStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Lists the conversations of the codex tool. */
final class ListSessionsTool implements Tool {
    private static final ToolSpec SPEC = new ToolSpec(
            "listSessions",
            "List sessions",
            "List the conversations begun with the codex tool's sessionId.",
            Hints.LOOKS,
            List.of(),
            List.of(Field.objects(
                            "sessions",
                            0,
                            List.of(
                                    Field.text("id", "The sessionId.").required(),
                                    Field.text("createdAt", "ISO 8601, UTC.").required(),
                                    Field.text("lastAccessedAt", "ISO 8601, UTC.")
                                            .required(),
                                    Field.integer("turnCount", 0, Integer.MAX_VALUE, "Turns that ended well.")
                                            .required()),
                            "The one longest unused first.")
                    .required()),
            Pace.QUICK);

    private final ConversationStore conversations;

    ListSessionsTool(ConversationStore conversations) {
        this.conversations = conversations;
    }

    @Override
    public ToolSpec spec() {
        return SPEC;
    }

    @Override
    public CompletableFuture<ToolAnswer> call(Arguments arguments, Progress progress) {
        List<Conversation> all = conversations.all();
        String text = all.isEmpty()
                ? "No active sessions"
                : new String(Json.bytes(json -> writeList(json, all)), StandardCharsets.UTF_8);
        return CompletableFuture.completedFuture(new ToolAnswer.TextAndJson(text, json -> {
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
