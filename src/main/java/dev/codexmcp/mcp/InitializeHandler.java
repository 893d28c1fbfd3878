package dev.codexmcp.mcp;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.mcp.jsonrpc.ResponseEncoder.Result;
import io.modelcontextprotocol.spec.ProtocolVersions;
import java.io.IOException;
import java.util.List;

/** Answers {@code initialize}. */
final class InitializeHandler {
    /** Newest first. */
    static final List<String> VERSIONS = List.of(
            ProtocolVersions.MCP_2025_11_25,
            ProtocolVersions.MCP_2025_06_18,
            ProtocolVersions.MCP_2025_03_26,
            ProtocolVersions.MCP_2024_11_05);

    /** For the model that will use the tools. */
    static final String INSTRUCTIONS = """
            Run several Codex workers (sub-agents) side by side, in the background, and stay in charge.
            1. Spawn: codex_spawn with a complete task in prompt answers with a jobId at once; codex_spawn_group starts several in \
            one call. Name each worker's files so that no two edit the same ones.
            2. Wait: codex_wait returns the final messages of all jobs that have ended; codex_wait_any the first job to end. Then \
            wait again for the rest. Don't poll in a loop.
            3. Collect: codex_result gives a worker's final message; codex_events shows what a running one does, page by page.
            4. Cancel: codex_cancel ends a worker and all it started; force for one that doesn't react.
            Workers share one working tree: compare what they report with git status. Jobs live in this server's memory: \
            after a restart, the error for an unknown jobId names its thread for codex_followup; without one, spawn again.""";

    private final String version;

    /** @param version the server's version */
    InitializeHandler(String version) {
        this.version = version;
    }

    Result answer(JsonNode params) {
        String wanted = params.path("protocolVersion").asText();
        String agreed = VERSIONS.contains(wanted) ? wanted : VERSIONS.get(0);
        return Result.of(json -> {
            json.writeStartObject();
            json.writeStringField("protocolVersion", agreed);
            writeCapabilities(json, true);
            json.writeFieldName("serverInfo");
            writeImplementation(json);
            json.writeStringField("instructions", INSTRUCTIONS);
            json.writeEndObject();
        });
    }

    /**
     * Writes the member {@code capabilities}.
     *
     * @param logging whether clients can ask for log messages
     */
    static void writeCapabilities(JsonGenerator json, boolean logging) throws IOException {
        json.writeObjectFieldStart("capabilities");
        json.writeObjectFieldStart("tools");
        json.writeEndObject();
        json.writeObjectFieldStart("prompts");
        json.writeEndObject();
        json.writeObjectFieldStart("resources");
        json.writeBooleanField("subscribe", true);
        json.writeEndObject();
        json.writeObjectFieldStart("completions");
        json.writeEndObject();
        if (logging) {
            json.writeObjectFieldStart("logging");
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    /** Writes the server's name and version as an object. */
    void writeImplementation(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", "codex-mcp-server");
        json.writeStringField("title", "Codex workers");
        json.writeStringField("version", version);
        json.writeEndObject();
    }
}
