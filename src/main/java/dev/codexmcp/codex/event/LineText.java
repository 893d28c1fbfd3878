package dev.codexmcp.codex.event;

import dev.codexmcp.json.ByteSlice;
import dev.codexmcp.json.Json;
import dev.codexmcp.json.JsonObjectCursor;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Finds single values in a worker's line. Of members of the same name the last counts. */
final class LineText {
    private LineText() {}

    /** The text at a path of member names; empty if there is no such member, or no text in it. */
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
