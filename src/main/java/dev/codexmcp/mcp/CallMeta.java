package dev.codexmcp.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.job.Boss;
import java.util.Optional;

/** Reads the {@code _meta} of a call, where Codex names its thread, model and turn. */
final class CallMeta {
    private static final String CODEX_TURN = "x-codex-turn-metadata";

    /** The longest id or name that is kept. */
    private static final int LONGEST = 200;

    private CallMeta() {}

    /** The conversation that makes the call; empty if the host does not name it. */
    static Optional<Boss> boss(JsonNode params) {
        JsonNode meta = params.path("_meta");
        JsonNode turn = meta.path(CODEX_TURN);
        return text(meta, "threadId")
                .or(() -> text(turn, "thread_id"))
                .map(thread -> new Boss(thread, text(turn, "model"), text(turn, "turn_id")));
    }

    private static Optional<String> text(JsonNode object, String name) {
        return Optional.of(object.path(name))
                .filter(JsonNode::isTextual)
                .map(JsonNode::textValue)
                .filter(text -> !text.isEmpty() && text.length() <= LONGEST);
    }
}
