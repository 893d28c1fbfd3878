package dev.codexmcp.codex.event;

import dev.codexmcp.json.JsonStringScanner;
import java.util.BitSet;

/**
 * Checks one line against the full grammar of RFC 8259, byte by byte. It does not check for valid UTF-8, since invalid
 * bytes are replaced when the line's event is written. A leading byte order mark and a trailing carriage return are
 * skipped. Not thread-safe.
 */
final class JsonSyntax {
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
    private static final int BROKEN = 18; // until the end of the line
    private static final int BLANK = 19; // only white space so far

    private static final int NO_BYTE_ORDER_MARK = -1;
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final KindDetector detector;
    private int state = BLANK;

    /** How many bytes of a byte order mark have been read, or {@link #NO_BYTE_ORDER_MARK} after anything else. */
    private int byteOrderMark;

    /** One bit per level, set for an object. */
    private final BitSet objects = new BitSet();

    private int depth;
    private boolean stringIsName;
    private int hexLeft;
    private String literal = "";
    private int literalAt;

    JsonSyntax(KindDetector detector) {
        this.detector = detector;
    }

    /**
     * Scans bytes up to the end of the line.
     *
     * @return the index of the line feed, or {@code end} if there is none
     */
    int scan(byte[] bytes, int offset, int end) {
        int i = offset;
        while (i < end) {
            if (state == STRING) {
                int from = i;
                i = JsonStringScanner.end(bytes, i, end);
                detector.capture(bytes, from, i);
                if (i == end) {
                    break;
                }
            } else if (state == BROKEN) {
                while (i < end && bytes[i] != '\n') {
                    i++;
                }
                break;
            }
            byte b = bytes[i];
            if (b == '\n') {
                break;
            }
            step(b);
            i++;
        }
        return i;
    }

    /** Whether the line so far is only white space. */
    boolean isBlank() {
        return state == BLANK && byteOrderMark <= 0;
    }

    /** Whether the line so far is one complete value. */
    boolean isComplete() {
        return depth == 0 && (state == AFTER_VALUE || isNumberEnd(state));
    }

    /** Prepares for the next line. */
    void reset() {
        depth = 0;
        byteOrderMark = 0;
        state = BLANK;
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
            case STRING -> string(b);
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
            byteOrderMark = byteOrderMark == 0 ? NO_BYTE_ORDER_MARK : byteOrderMark;
            value(b);
        }
    }

    private void value(byte b) {
        switch (b) {
            case '"' -> {
                stringIsName = false;
                detector.beginText();
                state = STRING;
            }
            case '{' -> {
                detector.beginOtherValue();
                detector.beginObject(depth);
                objects.set(depth++);
                state = NAME_OR_END;
            }
            case '[' -> {
                detector.beginOtherValue();
                detector.beginArray();
                objects.clear(depth++);
                state = VALUE_OR_END;
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

    private void literal(String word) {
        detector.beginOtherValue();
        literal = word;
        literalAt = 1;
        state = LITERAL;
    }

    private void beginNumber(int first) {
        detector.beginOtherValue();
        state = first;
    }

    private void close() {
        detector.endNested(--depth);
        state = AFTER_VALUE;
    }

    private void name(byte b) {
        if (b == '"') {
            stringIsName = true;
            detector.beginName(depth);
            state = STRING;
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
            detector.next();
            state = inObject ? NEED_NAME : NEED_VALUE;
        } else if (depth > 0 && b == (inObject ? '}' : ']')) {
            close();
        } else {
            state = BROKEN;
        }
    }

    /** Handles the end of a run of ordinary characters: a quote, a backslash or a control character. */
    private void string(byte b) {
        if (b == '"') {
            if (stringIsName) {
                detector.endName(depth);
                state = NEED_COLON;
            } else {
                detector.endText();
                state = AFTER_VALUE;
            }
        } else if (b == '\\') {
            detector.escape();
            state = ESCAPE;
        } else {
            state = BROKEN;
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
            default -> throw new IllegalStateException("not a number state: " + state);
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
