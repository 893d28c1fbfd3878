package dev.codexmcp.codex.event;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.codexmcp.json.ByteSlice;
import dev.codexmcp.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Extracts from {@code file_change} lines which files a worker's patches changed. */
public final class ChangedFiles {
    private ChangedFiles() {}

    /** The files in one {@code file_change} line, in order; none if the change failed. */
    public static List<String> in(ByteSlice line) {
        // Decoded first, since invalid UTF-8 would stop the parser.
        String text = new String(line.array(), line.offset(), line.length(), StandardCharsets.UTF_8);
        text = text.startsWith("\uFEFF") ? text.substring(1) : text; // a byte order mark
        try (JsonParser parser = Json.FACTORY.createParser(text)) {
            return paths(parser);
        } catch (IOException e) {
            throw new UncheckedIOException("a line that was valid JSON on arrival", e);
        }
    }

    /** The {@code path} of each element of {@code changes}, unless the whole change failed. */
    private static List<String> paths(JsonParser parser) throws IOException {
        Set<String> paths = new LinkedHashSet<>();
        boolean failed = false;
        for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
            if (token == JsonToken.VALUE_STRING) {
                String name = String.valueOf(parser.currentName());
                if (name.equals("path")) {
                    paths.add(Json.wellFormed(parser.getText()));
                } else if (name.equals("status")) {
                    failed = parser.getText().equals("failed");
                }
            }
        }
        return failed ? List.of() : List.copyOf(paths);
    }
}
