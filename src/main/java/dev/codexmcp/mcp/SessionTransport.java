package dev.codexmcp.mcp;

import dev.codexmcp.mcp.jsonrpc.PendingRequests;
import dev.codexmcp.mcp.jsonrpc.ResponseAddress;
import dev.codexmcp.mcp.jsonrpc.ResponseEncoder.Result;
import dev.codexmcp.mcp.stdio.LineWriter;
import dev.codexmcp.mcp.stdio.OutgoingLine;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpServerTransport;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Sends the results and errors of the SDK's session to the client: one for each request still pending. The SDK's own
 * transport for standard input and output ends at a malformed line and stalls under load; see
 * {@code docs/architecture.md}.
 */
final class SessionTransport implements McpServerTransport {
    private static final Logger log = LoggerFactory.getLogger(SessionTransport.class);

    private final LineWriter writer;
    private final PendingRequests pending;

    SessionTransport(LineWriter writer, PendingRequests pending) {
        this.writer = writer;
        this.pending = pending;
    }

    @Override
    public Mono<Void> sendMessage(McpSchema.JSONRPCMessage message) {
        if (message instanceof McpSchema.JSONRPCResponse response && response.id() instanceof Long number) {
            ResponseAddress address = pending.remove(number);
            if (address != null) {
                writer.send(line(address, response));
            }
        } else {
            log.error("The session sent a message that no request asked for: {}", message.getClass());
        }
        return Mono.empty();
    }

    private static OutgoingLine line(ResponseAddress address, McpSchema.JSONRPCResponse response) {
        McpSchema.JSONRPCResponse.JSONRPCError error = response.error();
        if (error != null) {
            return address.error(error.code(), String.valueOf(error.message()));
        }
        if (response.result() instanceof Result result) {
            return address.result(result);
        }
        log.error("A handler answered with {}", response.result());
        return address.error(McpSchema.ErrorCodes.INTERNAL_ERROR, "The server failed. Please report this.");
    }

    /** Passes data through unchanged: the handlers read their parameters themselves. */
    @Override
    @SuppressWarnings("unchecked")
    public <T> T unmarshalFrom(Object data, TypeRef<T> typeRef) {
        return (T) data;
    }

    @Override
    public List<String> protocolVersions() {
        return InitializeHandler.VERSIONS;
    }

    @Override
    public Mono<Void> closeGracefully() {
        return Mono.empty();
    }
}
