package dev.codexmcp.mcp;

import dev.codexmcp.json.ByteSlice;
import dev.codexmcp.json.Json;
import dev.codexmcp.json.JsonStringStream;
import dev.codexmcp.json.Utf8Buffer;
import dev.codexmcp.mcp.jsonrpc.ResponseEncoder.Result;
import dev.codexmcp.tool.schema.ToolResult;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Encodes a tool's result as the result of {@code tools/call}. */
final class ToolResultEncoder {
    private static final ByteSlice TEXT_OPENS = ascii("{\"content\":[{\"type\":\"text\",\"text\":\"");
    private static final ByteSlice TEXT_CLOSES = ascii("\"}]}");

    private ToolResultEncoder() {}

    /** @param showsBoth whether the host shows its model the text and the structured content: it gets the text alone */
    static Result of(ToolResult answer, boolean showsBoth) {
        if (answer instanceof ToolResult.Text text) {
            byte[] meta = text.meta().map(Json::bytes).orElse(null);
            return result(utf8(text.text()), meta, null, false);
        }
        if (answer instanceof ToolResult.Failure failure) {
            return result(utf8(failure.text()), null, null, true);
        }
        if (answer instanceof ToolResult.Json object) {
            byte[] json = Json.bytes(object.object());
            return result(json, null, showsBoth ? null : json, false);
        }
        if (answer instanceof ToolResult.TextAndJson both) {
            return result(utf8(both.text()), null, showsBoth ? null : Json.bytes(both.object()), false);
        }
        if (answer instanceof ToolResult.EscapedText escaped) {
            return new Result(TEXT_OPENS, escaped.text(), TEXT_CLOSES);
        }
        throw new IllegalStateException("unknown kind of result: " + answer);
    }

    private static Result result(byte[] text, byte @Nullable [] meta, byte @Nullable [] structured, boolean isError) {
        Utf8Buffer result = new Utf8Buffer(text.length + 64).append(TEXT_OPENS.array());
        new JsonStringStream(result).write(text, 0, text.length);
        result.append("\"");
        if (meta != null) {
            result.append(",\"_meta\":").append(meta);
        }
        result.append("}]");
        if (structured != null) {
            result.append(",\"structuredContent\":").append(structured);
        }
        ByteSlice json = result.append(isError ? ",\"isError\":true}" : "}").toSlice();
        return new Result(List.of(json), Optional.ofNullable(meta).map(ByteSlice::of));
    }

    private static ByteSlice ascii(String text) {
        return ByteSlice.of(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] utf8(String text) {
        return Json.wellFormed(text).getBytes(StandardCharsets.UTF_8);
    }
}
