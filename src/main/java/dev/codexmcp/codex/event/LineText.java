package dev.codexmcp.codex.event;

import dev.codexmcp.json.ByteSlice;
import dev.codexmcp.json.Json;
import dev.codexmcp.json.JsonObjectCursor;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Extracts single values from a worker's line. Of members with the same name, the last counts. */
final class LineText {
    private LineText() {}

    /** The string at a path of member names; empty if the member is missing or not a string. */
    static Optional<String> at(ByteSlice line, String... path) {
        int start = line.offset();
        int length = line.length();
        for (String step : path) {
            byte[] name = step.getBytes(StandardCharsets.US_ASCII);
            JsonObjectCursor members = new JsonObjectCursor(line.array(), start, length);
            start = -1;
            while (members.next()) {
                if (members.nameIs(name)) {
                    start = members.valueStart();
                    length = members.valueLength();
                }
            }
            if (start < 0) {
                return Optional.empty();
            }
        }
        return Optional.ofNullable(Json.string(line.array(), start, length));
    }
}
