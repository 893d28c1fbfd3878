package dev.codexmcp.mcp;

import dev.codexmcp.json.Json;
import dev.codexmcp.json.Utf8Buffer;
import dev.codexmcp.mcp.jsonrpc.ResponseEncoder;
import dev.codexmcp.mcp.jsonrpc.ResponseEncoder.Result;
import dev.codexmcp.mcp.jsonrpc.ResponseFormat;
import dev.codexmcp.mcp.stdio.OutgoingLine;
import io.modelcontextprotocol.spec.McpSchema;
import java.util.Set;

/**
 * The form of a response in MCP 2026-07-28: a result says that it is complete, which server it is from, and how long it may be kept.
 *
 * @param handshake describes the server
 * @param method what the request asks for
 */
record StatelessFormat(InitializeHandler handshake, String method) implements ResponseFormat {
    /** How long clients may keep what does not change while the server runs, in milliseconds. */
    private static final int LIST_TTL_MILLIS = 300_000;

    private static final Set<String> LISTS = Set.of(
            "server/discover",
            McpSchema.METHOD_TOOLS_LIST,
            McpSchema.METHOD_PROMPT_LIST,
            McpSchema.METHOD_RESOURCES_LIST,
            McpSchema.METHOD_RESOURCES_TEMPLATES_LIST);

    @Override
    public OutgoingLine result(String rawId, Result result) {
        Utf8Buffer members = new Utf8Buffer(256).append("\"resultType\":\"complete\",");
        if (LISTS.contains(method)) {
            members.append("\"ttlMs\":" + LIST_TTL_MILLIS + ",\"cacheScope\":\"private\",");
        } else if (method.equals(McpSchema.METHOD_RESOURCES_READ)) {
            members.append("\"ttlMs\":0,\"cacheScope\":\"private\",");
        }
        members.append("\"_meta\":{\"io.modelcontextprotocol/serverInfo\":");
        Json.write(members, handshake::writeImplementation);
        if (result.meta().isPresent()) {
            members.append(",").append(ResponseEncoder.afterBrace(result.meta().get()));
        } else {
            members.append("}");
        }
        return ResponseEncoder.line(rawId, members, result.json());
    }

    @Override
    public OutgoingLine error(String rawId, int code, String message) {
        return ResponseEncoder.error(
                rawId,
                code == McpSchema.ErrorCodes.RESOURCE_NOT_FOUND ? McpSchema.ErrorCodes.INVALID_PARAMS : code,
                message);
    }
}
