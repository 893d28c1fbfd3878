package dev.codexmcp.job;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.codexmcp.event.LineKind;
import dev.codexmcp.job.ByteLog.Slice;
import dev.codexmcp.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Reads off a job's {@code file_change} events which files its patches touched. */
final class ChangedFiles {
    private ChangedFiles() {}

    static List<String> of(EventLog.Reader events) {
        Set<String> files = new LinkedHashSet<>();
        for (int i = 0; i < events.size(); i++) {
            if (events.kind(i) == LineKind.FILE_CHANGE_RESULT) {
                files.addAll(in(events, i));
            }
        }
        return List.copyOf(files);
    }

    /** The files of one {@code file_change} event. */
    static List<String> in(EventLog.Reader events, int index) {
        Slice line = events.line(index);
        // Decoded first: bytes that are not UTF-8 would stop the parser.
        String text = new String(line.array(), line.offset(), line.length(), StandardCharsets.UTF_8);
        text = text.startsWith("\uFEFF") ? text.substring(1) : text; // a byte order mark
        try (JsonParser parser = Json.FACTORY.createParser(text)) {
            return paths(parser);
        } catch (IOException e) {
            throw new UncheckedIOException("a line that was JSON when it came", e);
        }
    }

    /** The {@code path} of each element of {@code changes}, unless the change as a whole has failed. */
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
