package dev.codexmcp.cli;

import java.util.HexFormat;
import org.jline.utils.WCWidth;

/**
 * Makes untrusted text safe for a terminal: characters that are invisible, or could move the cursor or change colors or the writing direction, are shown as escapes.
 */
final class SafeText {
    private SafeText() {}

    /** On one line: line breaks become {@code ⏎}, tabs become blanks. */
    static String line(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            switch (c) {
                case '\n' -> safe.append('⏎');
                case '\t' -> safe.append(' ');
                default -> append(safe, c);
            }
        });
        return safe.toString();
    }

    /** With its line breaks; tabs become four blanks. */
    static String lines(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        text.replace("\r\n", "\n").codePoints().forEach(c -> {
            switch (c) {
                case '\n' -> safe.append('\n');
                case '\t' -> safe.append("    ");
                default -> append(safe, c);
            }
        });
        return safe.toString();
    }

    private static void append(StringBuilder safe, int c) {
        switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED ->
                safe.append(c < 0x100 ? "\\x" : "\\u")
                        .append(HexFormat.of().toHexDigits(c, c < 0x100 ? 2 : c < 0x10000 ? 4 : 6));
            default -> safe.appendCodePoint(c);
        }
    }

    /** How many columns a line takes. */
    static int width(String line) {
        return line.codePoints().map(c -> Math.max(0, WCWidth.wcwidth(c))).sum();
    }

    /** The beginning of a line, with an ellipsis if it takes more columns than this. */
    static String cut(String line, int columns) {
        if (width(line) <= columns) {
            return line;
        }
        StringBuilder cut = new StringBuilder();
        int used = 0;
        for (int i = 0; i < line.length(); ) {
            int c = line.codePointAt(i);
            int width = Math.max(0, WCWidth.wcwidth(c));
            if (used + width > columns - 1) {
                break;
            }
            cut.appendCodePoint(c);
            used += width;
            i += Character.charCount(c);
        }
        return columns < 1 ? "" : cut.append('…').toString();
    }

    /** The line, cut or filled with blanks to this many columns. */
    static String fit(String line, int columns) {
        String cut = cut(line, columns);
        return cut + " ".repeat(Math.max(0, columns - width(cut)));
    }
}
