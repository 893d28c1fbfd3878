package dev.codexmcp.codex.event;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.codexmcp.json.ByteSlice;
import dev.codexmcp.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Extracts from {@code file_change} lines which files a worker's patches changed. */
public final class ChangedFiles {
    private ChangedFiles() {}

    /** The files in one {@code file_change} line, in order; none if the change failed. */
    public static List<String> in(ByteSlice line) {
        return List.copyOf(kinds(line).keySet());
    }

    /** The same, each with the CLI's word for what happened to it: add, update or delete; "" if there is none. */
    public static Map<String, String> kinds(ByteSlice line) {
        // Decoded first, since invalid UTF-8 would stop the parser.
        String text = new String(line.array(), line.offset(), line.length(), StandardCharsets.UTF_8);
        text = text.startsWith("\uFEFF") ? text.substring(1) : text; // a byte order mark
        try (JsonParser parser = Json.FACTORY.createParser(text)) {
            return paths(parser);
        } catch (IOException e) {
            throw new UncheckedIOException("a line that was valid JSON on arrival", e);
        }
    }

    /** The {@code path} and {@code kind} of each element of {@code changes}, unless the whole change failed. */
    private static Map<String, String> paths(JsonParser parser) throws IOException {
        Map<String, String> kinds = new LinkedHashMap<>();
        boolean failed = false;
        String path = null;
        String kind = "";
        for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
            if (token == JsonToken.START_OBJECT && parser.currentName() == null) {
                path = null;
                kind = "";
            } else if (token == JsonToken.END_OBJECT && path != null) {
                kinds.put(path, kind);
            } else if (token == JsonToken.VALUE_STRING) {
                switch (String.valueOf(parser.currentName())) {
                    case "path" -> path = Json.wellFormed(parser.getText());
                    case "kind" -> kind = parser.getText();
                    case "status" -> failed = parser.getText().equals("failed");
                    default -> {}
                }
            }
        }
        return failed ? Map.of() : kinds;
    }
}
