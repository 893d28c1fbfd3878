package dev.codexmcp.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Iterates over the members of an object in JSON that is known to be valid, or that is cut off. Values are returned as raw bytes, so an
 * event can be rewritten without being decoded.
 *
 * <pre>{@code
 * JsonObjectCursor members = new JsonObjectCursor(line, 0, line.length);
 * while (members.next()) {
 *     if (members.nameIs(TYPE)) { use(members.valueStart(), members.valueEnd()); }
 * }
 * }</pre>
 */
public final class JsonObjectCursor {
    private final byte[] json;
    private final int end;
    private int at;
    private int nameStart;
    private int nameEnd;
    private boolean nameSimple;
    private int valueStart;

    /** The end of the member's value, or -1 if not known yet. */
    private int valueEnd;

    private boolean valueSimple;

    /** The cursor whose current value this object is, if it was created by {@link #inner}. */
    private final @Nullable JsonObjectCursor outer;

    /**
     * Iterates over the object at {@code offset}, after optional white space or a byte order mark. A non-object has no
     * members.
     */
    public JsonObjectCursor(byte[] json, int offset, int length) {
        this(json, offset, offset + length, null);
    }

    private JsonObjectCursor(byte[] json, int start, int end, @Nullable JsonObjectCursor outer) {
        this.json = json;
        this.end = end;
        this.outer = outer;
        int first = afterBlank(start);
        this.at = first < end && json[first] == '{' ? first + 1 : end;
    }

    /** Moves to the next member; returns false if there is none. */
    public boolean next() {
        if (valueEnd < 0) {
            valueEnd();
        }
        at = afterBlank(at);
        if (at < end && json[at] == ',') {
            at = afterBlank(at + 1);
        }
        if (at >= end || json[at] != '"') {
            leave();
            return false;
        }
        nameStart = at + 1;
        nameSimple = skipString();
        if (at > end) {
            return false; // cut off
        }
        nameEnd = at - 1;
        int colon = afterBlank(at);
        at = afterBlank(colon + 1);
        valueStart = at;
        valueEnd = -1;
        valueSimple = false;
        return true;
    }

    /** Passes the end of this object on to the outer cursor. */
    private void leave() {
        if (outer != null && outer.valueEnd < 0 && at < end) {
            outer.at = at + 1;
            outer.valueEnd = at + 1;
        }
    }

    /** Whether the member has this ASCII name. */
    public boolean nameIs(byte[] name) {
        return isSpelt(name) || (!nameSimple && Arrays.equals(decodedName(), name));
    }

    private boolean isSpelt(byte[] name) {
        if (nameEnd - nameStart != name.length) {
            return false;
        }
        for (int i = 0; i < name.length; i++) {
            if (json[nameStart + i] != name[i]) {
                return false;
            }
        }
        return true;
    }

    private byte[] decodedName() {
        String name = Json.string(json, nameStart - 1, nameEnd - nameStart + 2);
        return name == null ? new byte[0] : name.getBytes(StandardCharsets.UTF_8);
    }

    public int valueStart() {
        return valueStart;
    }

    public int valueEnd() {
        if (valueEnd < 0) {
            at = valueStart;
            if (at < end && json[at] == '"') {
                valueSimple = skipString();
            } else {
                skipValue();
            }
            valueEnd = at;
        }
        return valueEnd;
    }

    /** Whether the value is an ASCII string without escapes. Valid only after {@link #valueEnd}. */
    public boolean valueIsSimpleString() {
        return valueSimple;
    }

    public int valueLength() {
        return valueEnd() - valueStart;
    }

    /** A cursor over the value's own members. If it reaches their end, this cursor need not scan the value again. */
    public JsonObjectCursor inner() {
        return new JsonObjectCursor(json, valueStart, end, this);
    }

    /** The decoded value; empty if it is not a string. */
    public Optional<String> text() {
        return Optional.ofNullable(Json.string(json, valueStart, valueLength()));
    }

    /** The value's JSON. */
    public String raw() {
        return new String(json, valueStart, valueLength(), StandardCharsets.UTF_8);
    }

    private int afterBlank(int from) {
        int i = from;
        // There is usually none, and the first comparison alone rules out the start of any name or value.
        while (i < end && json[i] <= ' ' && isBlank(json[i])) {
            i++;
        }
        return i;
    }

    /** Whether the byte is white space or part of a byte order mark. */
    private static boolean isBlank(byte b) {
        return switch (b) {
            case ' ', '\t', '\n', '\r', (byte) 0xEF, (byte) 0xBB, (byte) 0xBF -> true;
            default -> false;
        };
    }

    /** Skips a string and returns whether it is simple: ASCII without escapes. */
    private boolean skipString() {
        int i = JsonStringScanner.asciiEnd(json, at + 1, end);
        boolean simple = i < end && json[i] == '"';
        while (i < end && json[i] != '"') {
            i = JsonStringScanner.end(json, json[i] == '\\' ? i + 2 : i + 1, end);
        }
        at = i + 1;
        return simple;
    }

    private void skipValue() {
        int depth = 0;
        while (at < end) {
            switch (json[at]) {
                case '"' -> skipString();
                case '{', '[' -> {
                    depth++;
                    at++;
                }
                case '}', ']' -> {
                    if (depth == 0) {
                        return;
                    }
                    depth--;
                    at++;
                }
                case ',', ' ', '\t', '\r', '\n' -> {
                    if (depth == 0) {
                        return;
                    }
                    at++;
                    continue;
                }
                default -> {
                    at++;
                    continue;
                }
            }
            if (depth == 0) {
                return;
            }
        }
    }
}
