package dev.codexmcp.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.json.Json;
import dev.codexmcp.mcp.jsonrpc.IncomingMessage.Request;
import dev.codexmcp.mcp.jsonrpc.ResponseEncoder;
import dev.codexmcp.mcp.jsonrpc.ResponseEncoder.Result;
import dev.codexmcp.mcp.jsonrpc.ResponseFormat;
import dev.codexmcp.mcp.stdio.OutgoingLine;
import io.modelcontextprotocol.spec.McpSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * MCP 2026-07-28, which has no handshake: every request says its version and its client in {@code _meta}, and every result its kind.
 * The SDK has none of it. The handlers are the same as for the older versions; with {@link StatelessFormat}, this is all that differs.
 */
final class StatelessProtocol {
    static final String VERSION = "2026-07-28";

    private static final String PREFIX = "io.modelcontextprotocol/";
    private static final String PROTOCOL_VERSION = PREFIX + "protocolVersion";
    private static final String CLIENT_INFO = PREFIX + "clientInfo";
    private static final String CLIENT_CAPABILITIES = PREFIX + "clientCapabilities";

    private static final String DISCOVER = "server/discover";
    private static final int UNSUPPORTED_VERSION = -32022;

    /** What the older versions have and this one does not. */
    private static final Set<String> REMOVED = Set.of(
            McpSchema.METHOD_PING,
            McpSchema.METHOD_LOGGING_SET_LEVEL,
            McpSchema.METHOD_RESOURCES_SUBSCRIBE,
            McpSchema.METHOD_RESOURCES_UNSUBSCRIBE);

    private final InitializeHandler handshake;

    /** @param handshake describes the server */
    StatelessProtocol(InitializeHandler handshake) {
        this.handshake = handshake;
    }

    /** Whether the request is one of this version, right or wrong. */
    boolean isMeant(Request request) {
        return !request.method().equals(McpSchema.METHOD_INITIALIZE)
                && (request.method().equals(DISCOVER) || meta(request).has(PROTOCOL_VERSION));
    }

    /** The response, if the request needs no handler: because it asks for the handshake's successor, or is wrong. */
    Optional<OutgoingLine> answer(Request request) {
        JsonNode meta = meta(request);
        JsonNode version = meta.path(PROTOCOL_VERSION);
        if (!version.isTextual()) {
            return invalid(request, PROTOCOL_VERSION, "the version of the protocol");
        }
        if (!version.textValue().equals(VERSION)) {
            return Optional.of(unsupported(request, version.textValue()));
        }
        if (!meta.path(CLIENT_CAPABILITIES).isObject()) {
            return invalid(request, CLIENT_CAPABILITIES, "an object");
        }
        if (REMOVED.contains(request.method())) {
            return Optional.of(ResponseEncoder.error(
                    request.rawId(),
                    McpSchema.ErrorCodes.METHOD_NOT_FOUND,
                    "MCP " + VERSION + " has no " + request.method() + "."));
        }
        return request.method().equals(DISCOVER)
                ? Optional.of(format(request).result(request.rawId(), description()))
                : Optional.empty();
    }

    /** Who asks, according to a request that {@link #answer} has no response for. */
    ClientInfo client(Request request) {
        return ClientInfo.withoutHandshake(meta(request).path(CLIENT_INFO));
    }

    ResponseFormat format(Request request) {
        return new StatelessFormat(handshake, request.method());
    }

    private static JsonNode meta(Request request) {
        return request.params().path("_meta");
    }

    private Result description() {
        return Result.of(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("supportedVersions");
            json.writeString(VERSION);
            json.writeEndArray();
            InitializeHandler.writeCapabilities(json, false);
            json.writeStringField("instructions", InitializeHandler.INSTRUCTIONS);
            json.writeEndObject();
        });
    }

    private static Optional<OutgoingLine> invalid(Request request, String field, String what) {
        return Optional.of(ResponseEncoder.error(
                request.rawId(),
                McpSchema.ErrorCodes.INVALID_PARAMS,
                "\"params._meta\" needs \"" + field + "\": " + what + "."));
    }

    private static OutgoingLine unsupported(Request request, String requested) {
        List<String> supported = new ArrayList<>();
        supported.add(VERSION);
        supported.addAll(InitializeHandler.VERSIONS);
        return ResponseEncoder.error(
                request.rawId(),
                UNSUPPORTED_VERSION,
                "This server does not support that version of the protocol; versions before " + VERSION
                        + " begin with initialize.",
                Optional.of(json -> {
                    json.writeStartObject();
                    json.writeArrayFieldStart("supported");
                    for (String version : supported) {
                        json.writeString(version);
                    }
                    json.writeEndArray();
                    json.writeStringField("requested", Json.wellFormed(requested));
                    json.writeEndObject();
                }));
    }
}
