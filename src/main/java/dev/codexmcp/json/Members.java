package dev.codexmcp.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A walk over the members of one object, in JSON bytes that are known to be valid. Values are handed out as the bytes they
 * are: an event is taken apart and put together again without being decoded.
 *
 * <pre>{@code
 * Members m = new Members(line, 0, line.length);
 * while (m.next()) {
 *     if (m.nameIs(TYPE)) { use(m.valueStart(), m.valueEnd()); }
 * }
 * }</pre>
 */
public final class Members {
    private final byte[] json;
    private final int end;
    private int at;
    private int nameStart;
    private int nameEnd;
    private boolean nameEscaped;
    private int valueStart;

    /** Where the member's value ends, or -1 as long as nobody has gone there. */
    private int valueEnd;

    /** Whose value this object is, where it is walked along with that. */
    private final @Nullable Members outer;

    /** Of the object that begins at {@code offset}, white space (or a byte order mark) aside. No object: no members. */
    public Members(byte[] json, int offset, int length) {
        this(json, offset, offset + length, null);
    }

    private Members(byte[] json, int start, int end, @Nullable Members outer) {
        this.json = json;
        this.end = end;
        this.at = start;
        this.outer = outer;
        skipBlank();
        if (at < end && json[at] == '{') {
            at++;
        } else {
            at = end;
        }
    }

    /** Moves to the next member. */
    public boolean next() {
        if (valueEnd < 0) {
            valueEnd();
        }
        skipBlank();
        if (at < end && json[at] == ',') {
            at++;
            skipBlank();
        }
        if (at >= end || json[at] != '"') {
            leave();
            return false;
        }
        nameStart = at + 1;
        nameEscaped = skipString();
        nameEnd = at - 1;
        skipBlank();
        at++; // the colon
        skipBlank();
        valueStart = at;
        valueEnd = -1;
        return true;
    }

    /** Tells the walk that this one is part of where the object ends. */
    private void leave() {
        if (outer != null && outer.valueEnd < 0 && at < end) {
            outer.at = at + 1;
            outer.valueEnd = at + 1;
        }
    }

    /** Whether the member's name is this, in ASCII. */
    public boolean nameIs(byte[] name) {
        return isSpelt(name) || (nameEscaped && Arrays.equals(decodedName(), name));
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
            skipValue();
            valueEnd = at;
        }
        return valueEnd;
    }

    public int valueLength() {
        return valueEnd() - valueStart;
    }

    /** The members of this member's value. Walked to their end, they spare this walk the way. */
    public Members inner() {
        return new Members(json, valueStart, end, this);
    }

    /** The value where it is a string, decoded. */
    public Optional<String> text() {
        return Optional.ofNullable(Json.string(json, valueStart, valueLength()));
    }

    /** The value as it stands. */
    public String raw() {
        return new String(json, valueStart, valueLength(), StandardCharsets.UTF_8);
    }

    private void skipBlank() {
        while (at < end
                && (json[at] == ' ' || json[at] == '\t' || json[at] == '\n' || json[at] == '\r' || isByteOrderMark())) {
            at++;
        }
    }

    private boolean isByteOrderMark() {
        return json[at] == (byte) 0xEF || json[at] == (byte) 0xBB || json[at] == (byte) 0xBF;
    }

    /** Tells whether the string holds an escape. */
    private boolean skipString() {
        boolean escaped = false;
        int i = at + 1;
        while (i < end && json[i] != '"') {
            if (json[i] == '\\') {
                escaped = true;
                i++;
            }
            i++;
        }
        at = i + 1;
        return escaped;
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
