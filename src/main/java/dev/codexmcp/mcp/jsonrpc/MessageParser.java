package dev.codexmcp.mcp.jsonrpc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.json.Json;
import dev.codexmcp.json.JsonObjectCursor;
import dev.codexmcp.json.Utf8;
import dev.codexmcp.mcp.stdio.LineReader;
import io.modelcontextprotocol.spec.McpSchema;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Parses a line, whatever it holds. */
public final class MessageParser {
    private static final String NO_ID = "null";
    private static final byte[] ID = "id".getBytes(StandardCharsets.US_ASCII);

    private MessageParser() {}

    public static IncomingMessage read(LineReader.Line line) {
        return switch (line.extent()) {
            case WHOLE -> readWhole(line);
            case TOO_LONG ->
                refused(recoverId(line), "The line is longer than " + LineReader.MAX_LINE + " bytes, the maximum.");
            case TOO_LONG_FOR_HEAP ->
                refused(
                        recoverId(line),
                        "The server has too little memory for a line of this length. Send less per line, or give it more heap:"
                                + " CODEX_MCP_JAVA_OPTS=-Xmx....");
        };
    }

    private static IncomingMessage readWhole(LineReader.Line line) {
        if (!Utf8.isValid(line.bytes(), line.offset(), line.length())) {
            return notUtf8();
        }
        JsonNode message;
        try {
            int mark = byteOrderMark(line);
            message = JsonTreeReader.read(line.bytes(), line.offset() + mark, line.length() - mark);
        } catch (StreamConstraintsException e) {
            return new IncomingMessage.InvalidMessage(
                    recoverId(line),
                    McpSchema.ErrorCodes.PARSE_ERROR,
                    "Beyond this server's limits: " + JsonTreeReader.MAX_DEPTH + " levels of nesting, "
                            + JsonTreeReader.MAX_NUMBER + " characters in a number, " + JsonTreeReader.MAX_NAME
                            + " bytes in a name.");
        } catch (JsonProcessingException e) {
            String reason = Json.wellFormed(String.valueOf(e.getOriginalMessage()));
            return new IncomingMessage.InvalidMessage(
                    NO_ID,
                    McpSchema.ErrorCodes.PARSE_ERROR,
                    "Not JSON: " + cut(reason) + ". Send one message per line.");
        } catch (IOException e) {
            return notUtf8();
        }
        if (message.isArray()) {
            return refused(NO_ID, "Batches are not supported: send one message per line.");
        }
        if (!message.isObject()) {
            return refused(NO_ID, "Not a JSON-RPC message: expected an object.");
        }
        return message(message, line);
    }

    /** The length of a byte order mark at the start of the line: some clients' libraries write one. */
    private static int byteOrderMark(LineReader.Line line) {
        byte[] bytes = line.bytes();
        int at = line.offset();
        boolean there = line.length() >= 3
                && bytes[at] == (byte) 0xEF
                && bytes[at + 1] == (byte) 0xBB
                && bytes[at + 2] == (byte) 0xBF;
        return there ? 3 : 0;
    }

    private static IncomingMessage message(JsonNode message, LineReader.Line line) {
        JsonNode id = message.get("id");
        JsonNode method = message.get("method");
        JsonNode params = message.path("params");
        boolean idIsGood = id != null && (id.isTextual() || id.isNumber());
        String rawId = idIsGood ? rawId(line) : NO_ID;
        if (method == null && id != null && (message.has("result") || message.has("error"))) {
            return new IncomingMessage.Response(id, message.path("result"));
        }
        if (!"2.0".equals(message.path("jsonrpc").textValue())) {
            return refused(rawId, "\"jsonrpc\" must be \"2.0\".");
        }
        if (method == null || !method.isTextual()) {
            return refused(rawId, "\"method\" must be a string.");
        }
        if (id == null) {
            return new IncomingMessage.Notification(method.textValue(), params);
        }
        if (!idIsGood) {
            return refused(NO_ID, "\"id\" must be a string or a number.");
        }
        return new IncomingMessage.Request(id, rawId, method.textValue(), params);
    }

    /** The id as written in a line that may be truncated or not JSON at all; {@code null} if none is found. */
    public static String recoverId(LineReader.Line line) {
        String found = rawId(line);
        byte[] json = found.getBytes(StandardCharsets.UTF_8);
        try {
            JsonNode id = JsonTreeReader.read(json, 0, json.length);
            return id.isTextual() || id.isNumber() ? found : NO_ID;
        } catch (IOException e) {
            return NO_ID;
        }
    }

    private static String rawId(LineReader.Line line) {
        String found = NO_ID;
        int end = line.offset() + line.length();
        JsonObjectCursor members = new JsonObjectCursor(line.bytes(), line.offset(), line.length());
        while (members.next()) {
            // A value that reaches the end is truncated: a complete one is followed by a brace at least.
            if (members.nameIs(ID) && members.valueEnd() < end) {
                found = members.raw();
            }
        }
        return found;
    }

    private static IncomingMessage notUtf8() {
        return new IncomingMessage.InvalidMessage(
                NO_ID, McpSchema.ErrorCodes.PARSE_ERROR, "Not UTF-8. Send one message per line.");
    }

    private static IncomingMessage refused(String rawId, String message) {
        return new IncomingMessage.InvalidMessage(rawId, McpSchema.ErrorCodes.INVALID_REQUEST, message);
    }

    private static String cut(String reason) {
        return reason.length() <= 200 ? reason : reason.substring(0, 200) + "…";
    }
}
