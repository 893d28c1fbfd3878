package dev.codexmcp.cli;

import java.io.IOException;
import org.jline.utils.NonBlockingReader;

/**
 * A key that the user has pressed.
 *
 * @param name {@code up}, {@code down}, {@code pageup}, {@code pagedown}, {@code home}, {@code end}, {@code enter}, {@code
 *     escape}, or the character
 */
record Key(String name) {
    static final Key NONE = new Key("");
    static final Key END_OF_INPUT = new Key("q");

    /** How long the rest of an escape sequence may take, in milliseconds; the Escape key alone has no rest. */
    private static final long SEQUENCE_MILLIS = 40;

    /** Reads a key; {@link #NONE} if none comes in time. */
    static Key read(NonBlockingReader in, long millis) throws IOException {
        int c = in.read(millis);
        return switch (c) {
            case NonBlockingReader.READ_EXPIRED -> NONE;
            case NonBlockingReader.EOF -> END_OF_INPUT;
            case '\r', '\n' -> new Key("enter");
            case '\u001b' -> sequence(in);
            default -> new Key(String.valueOf((char) c));
        };
    }

    private static Key sequence(NonBlockingReader in) throws IOException {
        int kind = in.peek(SEQUENCE_MILLIS);
        if (kind != '[' && kind != 'O') {
            return new Key("escape");
        }
        in.read();
        StringBuilder sequence = new StringBuilder();
        int c = in.read(SEQUENCE_MILLIS);
        while (c >= 0 && !Character.isLetter(c) && c != '~' && sequence.length() < 16) {
            sequence.append((char) c);
            c = in.read(SEQUENCE_MILLIS);
        }
        return switch (c) {
            case 'A' -> new Key("up");
            case 'B' -> new Key("down");
            case 'H' -> new Key("home");
            case 'F' -> new Key("end");
            case '~' ->
                switch (sequence.toString()) {
                    case "1", "7" -> new Key("home");
                    case "4", "8" -> new Key("end");
                    case "5" -> new Key("pageup");
                    case "6" -> new Key("pagedown");
                    default -> NONE;
                };
            default -> NONE;
        };
    }
}
