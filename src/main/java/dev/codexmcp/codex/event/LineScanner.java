package dev.codexmcp.codex.event;

import dev.codexmcp.json.JsonStringScanner;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;

/**
 * Cuts a worker's output into lines and tells each line's kind, in one pass over bytes that arrive in any pieces. It keeps
 * no text: what it holds between two pieces is a state, the nesting, and up to 32 bytes of the string it is reading. A line
 * of any length, nesting or content costs it no memory and never stops it.
 *
 * <p>Checks the grammar of RFC 8259 in full, but for whether the bytes are good UTF-8, which is mended where they are
 * written. A byte order mark before a line is passed over, as is a carriage return at its end. Not thread-safe.
 */
public final class LineScanner {
    /** Told of each line that holds anything but white space. */
    @FunctionalInterface
    public interface Sink {
        /**
         * A line has ended.
         *
         * @param start where the line's first byte stands in the stream
         * @param kind what the line reports
         */
        void line(long start, CodexEventKind kind);
    }

    /** Stands for the type of an item that is no object or is missing: no such line is an item event. */
    static final String NO_ITEM = "\0";

    private static final int NEED_VALUE = 0;
    private static final int VALUE_OR_END = 1; // after [
    private static final int NAME_OR_END = 2; // after {
    private static final int NEED_NAME = 3; // after , in an object
    private static final int NEED_COLON = 4;
    private static final int AFTER_VALUE = 5;
    private static final int STRING = 6;
    private static final int ESCAPE = 7;
    private static final int HEX = 8;
    private static final int LITERAL = 9;
    private static final int MINUS = 10;
    private static final int ZERO = 11;
    private static final int DIGITS = 12;
    private static final int POINT = 13;
    private static final int FRACTION = 14;
    private static final int EXPONENT = 15;
    private static final int EXPONENT_SIGN = 16;
    private static final int EXPONENT_DIGITS = 17;
    private static final int BROKEN = 18; // till the end of the line
    private static final int BLANK = 19; // nothing but white space so far

    private static final int CAPTURE = 32;
    private static final int NO_MARK = -1;
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final Sink sink;
    private long position;
    private long lineStart;
    private int state = BLANK;

    /** How much of a byte order mark the line begins with; {@link #NO_MARK} where it has begun with something else. */
    private int byteOrderMark;

    /** One bit a level: set where it is an object. */
    private final BitSet objects = new BitSet();

    private int depth;
    private boolean stringIsName;
    private int hexLeft;
    private String literal = "";
    private int literalAt;

    private final byte[] captured = new byte[CAPTURE];
    private int capturedLength;
    private boolean capturing;

    /** The name before the value that is being read, where it is one that matters. */
    private Role role = Role.NONE;

    private String type = "";
    private String itemType = NO_ITEM;
    private boolean inItem;

    /** What the value after a name means to the line's kind. */
    private enum Role {
        NONE,
        TYPE,
        ITEM,
        ITEM_TYPE
    }

    public LineScanner(Sink sink) {
        this.sink = sink;
    }

    /** Takes the next {@code length} bytes of the stream. */
    public void scan(byte[] bytes, int offset, int length) {
        int end = offset + length;
        int i = offset;
        while (i < end) {
            if (state == STRING) {
                int from = i;
                i = JsonStringScanner.end(bytes, i, end);
                if (capturing) {
                    capture(bytes, from, i);
                }
                if (i == end) {
                    break;
                }
            } else if (state == BROKEN) {
                while (i < end && bytes[i] != '\n') {
                    i++;
                }
                if (i == end) {
                    break;
                }
            }
            byte b = bytes[i++];
            if (b == '\n') {
                endLine();
                lineStart = position + (i - offset);
            } else {
                step(b);
            }
        }
        position += length;
    }

    /** The stream has ended: what came after the last line feed is a line too. */
    public void finish() {
        endLine();
        lineStart = position;
    }

    /** Where the line that is being read begins: what stands before it has been told of. */
    public long lineStart() {
        return lineStart;
    }

    private void endLine() {
        if (state == BLANK && byteOrderMark <= 0) {
            byteOrderMark = 0; // nothing but white space
        } else {
            if (depth == 0 && isNumberEnd(state)) {
                state = AFTER_VALUE;
            }
            boolean whole = state == AFTER_VALUE && depth == 0;
            sink.line(lineStart, whole ? CodexEventKind.of(type, itemType) : CodexEventKind.MALFORMED);
            type = "";
            itemType = NO_ITEM;
            inItem = false;
            role = Role.NONE;
            depth = 0;
            byteOrderMark = 0;
            capturing = false;
            state = BLANK;
        }
    }

    private void step(byte b) {
        switch (state) {
            case BLANK -> blank(b);
            case NEED_VALUE -> value(b);
            case VALUE_OR_END -> {
                if (b == ']') {
                    close();
                } else {
                    value(b);
                }
            }
            case NAME_OR_END -> {
                if (b == '}') {
                    close();
                } else {
                    name(b);
                }
            }
            case NEED_NAME -> name(b);
            case NEED_COLON -> {
                if (b == ':') {
                    state = NEED_VALUE;
                } else if (!isSpace(b)) {
                    state = BROKEN;
                }
            }
            case AFTER_VALUE -> afterValue(b);
            case STRING -> {
                if (b == '"') {
                    endString();
                } else if (b == '\\') {
                    state = ESCAPE;
                    capturing = false; // no name or type that matters is spelt with escapes
                } else {
                    state = BROKEN; // a control character
                }
            }
            case ESCAPE -> escape(b);
            case HEX -> {
                if (Character.digit(b, 16) < 0) {
                    state = BROKEN;
                } else if (--hexLeft == 0) {
                    state = STRING;
                }
            }
            case LITERAL -> {
                if (b != literal.charAt(literalAt)) {
                    state = BROKEN;
                } else if (++literalAt == literal.length()) {
                    state = AFTER_VALUE;
                }
            }
            case BROKEN -> {}
            default -> number(b);
        }
    }

    private void blank(byte b) {
        if (byteOrderMark > 0 && byteOrderMark < BYTE_ORDER_MARK.length) {
            if (b == BYTE_ORDER_MARK[byteOrderMark]) {
                byteOrderMark++;
            } else {
                state = BROKEN;
            }
        } else if (b == BYTE_ORDER_MARK[0] && byteOrderMark == 0) {
            byteOrderMark = 1;
        } else {
            byteOrderMark = byteOrderMark == 0 ? NO_MARK : byteOrderMark;
            value(b);
        }
    }

    private void value(byte b) {
        switch (b) {
            case '"' -> {
                beginString(false);
                capturing = role == Role.TYPE || role == Role.ITEM_TYPE;
            }
            case '{' -> {
                valueIsNoString();
                if (depth == 1) {
                    inItem = role == Role.ITEM;
                    itemType = inItem ? "?" : itemType;
                }
                open(true);
            }
            case '[' -> {
                valueIsNoString();
                open(false);
            }
            case 't' -> literal("true");
            case 'f' -> literal("false");
            case 'n' -> literal("null");
            case '-' -> beginNumber(MINUS);
            case '0' -> beginNumber(ZERO);
            default -> {
                if (b >= '1' && b <= '9') {
                    beginNumber(DIGITS);
                } else if (!isSpace(b)) {
                    state = BROKEN;
                }
            }
        }
    }

    /** A later member counts more than an earlier one of the same name, also where its value makes no sense. */
    private void valueIsNoString() {
        switch (role) {
            case TYPE -> type = "";
            case ITEM -> itemType = NO_ITEM;
            case ITEM_TYPE -> itemType = "?";
            case NONE -> {}
        }
    }

    private void literal(String word) {
        valueIsNoString();
        literal = word;
        literalAt = 1;
        state = LITERAL;
    }

    private void beginNumber(int first) {
        valueIsNoString();
        state = first;
    }

    private void open(boolean object) {
        objects.set(depth++, object);
        role = Role.NONE;
        state = object ? NAME_OR_END : VALUE_OR_END;
    }

    private void close() {
        depth--;
        if (depth == 1) {
            inItem = false;
        }
        role = Role.NONE;
        state = AFTER_VALUE;
    }

    private void name(byte b) {
        if (b == '"') {
            beginString(true);
            capturing = (depth == 1 && objects.get(0)) || (depth == 2 && inItem);
        } else if (!isSpace(b)) {
            state = BROKEN;
        }
    }

    private void afterValue(byte b) {
        if (isSpace(b)) {
            return;
        }
        boolean inObject = depth > 0 && objects.get(depth - 1);
        if (depth > 0 && b == ',') {
            role = Role.NONE;
            state = inObject ? NEED_NAME : NEED_VALUE;
        } else if (depth > 0 && b == (inObject ? '}' : ']')) {
            close();
        } else {
            state = BROKEN;
        }
    }

    private void beginString(boolean isName) {
        stringIsName = isName;
        capturedLength = 0;
        state = STRING;
    }

    private void endString() {
        if (stringIsName) {
            role = capturing ? roleOf() : Role.NONE;
            state = NEED_COLON;
        } else {
            switch (role) {
                case TYPE -> type = capturing ? capturedText() : "";
                case ITEM_TYPE -> itemType = capturing ? capturedText() : "?";
                case ITEM -> itemType = NO_ITEM;
                case NONE -> {}
            }
            state = AFTER_VALUE;
        }
        capturing = false;
    }

    private Role roleOf() {
        if (captured4('t', 'y', 'p', 'e')) {
            return depth == 1 ? Role.TYPE : Role.ITEM_TYPE;
        }
        return depth == 1 && captured4('i', 't', 'e', 'm') ? Role.ITEM : Role.NONE;
    }

    private boolean captured4(char a, char b, char c, char d) {
        return capturedLength == 4 && captured[0] == a && captured[1] == b && captured[2] == c && captured[3] == d;
    }

    private String capturedText() {
        return new String(captured, 0, capturedLength, StandardCharsets.ISO_8859_1);
    }

    private void capture(byte[] bytes, int from, int to) {
        int count = to - from;
        if (capturedLength + count > CAPTURE) {
            capturing = false; // longer than any word that matters
        } else {
            System.arraycopy(bytes, from, captured, capturedLength, count);
            capturedLength += count;
        }
    }

    private void escape(byte b) {
        if (b == 'u') {
            hexLeft = 4;
            state = HEX;
        } else if ("\"\\/bfnrt".indexOf(b) >= 0) {
            state = STRING;
        } else {
            state = BROKEN;
        }
    }

    private void number(byte b) {
        boolean digit = b >= '0' && b <= '9';
        int next = BROKEN;
        switch (state) {
            case MINUS -> next = b == '0' ? ZERO : digit ? DIGITS : BROKEN;
            case ZERO, DIGITS -> {
                if (digit) {
                    next = state == DIGITS ? DIGITS : BROKEN;
                } else {
                    next = b == '.' ? POINT : b == 'e' || b == 'E' ? EXPONENT : AFTER_VALUE;
                }
            }
            case POINT -> next = digit ? FRACTION : BROKEN;
            case FRACTION -> next = digit ? FRACTION : b == 'e' || b == 'E' ? EXPONENT : AFTER_VALUE;
            case EXPONENT -> next = digit ? EXPONENT_DIGITS : b == '+' || b == '-' ? EXPONENT_SIGN : BROKEN;
            case EXPONENT_SIGN -> next = digit ? EXPONENT_DIGITS : BROKEN;
            case EXPONENT_DIGITS -> next = digit ? EXPONENT_DIGITS : AFTER_VALUE;
            default -> throw new IllegalStateException("no number state: " + state);
        }
        state = next;
        if (next == AFTER_VALUE) {
            afterValue(b);
        }
    }

    private static boolean isNumberEnd(int state) {
        return state == ZERO || state == DIGITS || state == FRACTION || state == EXPONENT_DIGITS;
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\t' || b == '\r';
    }
}
