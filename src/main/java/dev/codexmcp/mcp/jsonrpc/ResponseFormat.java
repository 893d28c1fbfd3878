package dev.codexmcp.mcp.jsonrpc;

import dev.codexmcp.mcp.jsonrpc.ResponseEncoder.Result;
import dev.codexmcp.mcp.stdio.OutgoingLine;

/** The form of a response, which depends on the version of the protocol. */
public interface ResponseFormat {
    /** The versions that begin with {@code initialize}. */
    ResponseFormat WITH_HANDSHAKE = new ResponseFormat() {
        @Override
        public OutgoingLine result(String rawId, Result result) {
            return ResponseEncoder.line(rawId, result);
        }

        @Override
        public OutgoingLine error(String rawId, int code, String message) {
            return ResponseEncoder.error(rawId, code, message);
        }
    };

    OutgoingLine result(String rawId, Result result);

    OutgoingLine error(String rawId, int code, String message);
}
