package dev.codexmcp.mcp.jsonrpc;

import dev.codexmcp.mcp.jsonrpc.ResponseEncoder.Result;
import dev.codexmcp.mcp.stdio.OutgoingLine;
import java.util.Objects;

/**
 * Where and in what form the response to a request goes.
 *
 * @param rawId the request's id as written in its line
 */
public record ResponseAddress(String rawId, ResponseFormat format) {
    public ResponseAddress {
        Objects.requireNonNull(rawId);
        Objects.requireNonNull(format);
    }

    /** The line that answers the request. */
    public OutgoingLine result(Result result) {
        return format.result(rawId, result);
    }

    /** The line that refuses the request. */
    public OutgoingLine error(int code, String message) {
        return format.error(rawId, code, message);
    }
}
