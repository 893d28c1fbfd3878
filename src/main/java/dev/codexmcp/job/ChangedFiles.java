package dev.codexmcp.job;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.codexmcp.event.LineKind;
import dev.codexmcp.job.ByteLog.Slice;
import dev.codexmcp.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
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
                Slice line = events.line(i);
                try (JsonParser parser = Json.FACTORY.createParser(line.array(), line.offset(), line.length())) {
                    addPaths(parser, files);
                } catch (IOException e) {
                    throw new UncheckedIOException("a line that was JSON when it came", e);
                }
            }
        }
        return List.copyOf(files);
    }

    /** Adds the {@code path} of each element of {@code changes}, unless the change as a whole has failed. */
    private static void addPaths(JsonParser parser, Set<String> files) throws IOException {
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
        if (!failed) {
            files.addAll(paths);
        }
    }
}
