package dev.codexmcp.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codexmcp.testkit.TestJson;
import java.util.concurrent.CompletableFuture;

/** The thread of the server that an answer of 2 MB blocks if the client does not read it. */
enum Stuck {
    /** The thread that reads and handles requests. */
    READER,
    /** A thread that runs a call whose answer may be long. */
    CALL,
    /** The thread that writes what other threads send. */
    ANSWERS;

    static final int ANSWER = 2_000_000;

    /** A worker that prints a long message, then exits. */
    private static final String SAYS_MUCH =
            "printf '{\"type\":\"item.completed\",\"item\":{\"type\":\"agent_message\",\"text\":\"'; head -c " + ANSWER
                    + " /dev/zero | tr '\\0' x; printf '\"}}\\n{\"type\":\"turn.completed\"}\\n'";

    /** Does once what {@link #answer} needs; gives the job that it asks about. */
    String prepare(ShellClient server) {
        return switch (this) {
            case READER, ANSWERS -> "";
            case CALL -> {
                String job = server.spawn(SAYS_MUCH);
                server.awaitEnd(job);
                yield job;
            }
        };
    }

    /** Asks for the answer. */
    CompletableFuture<JsonNode> answer(ShellClient server, String job) {
        ObjectNode arguments = TestJson.object();
        return switch (this) {
            case READER -> server.ask("ping", arguments.put("message", "x".repeat(ANSWER)));
            case CALL -> server.ask("codex_events", ShellClient.job(job).put("maxEvents", 2000));
            case ANSWERS -> server.ask("codex", arguments.put("prompt", SAYS_MUCH));
        };
    }
}
