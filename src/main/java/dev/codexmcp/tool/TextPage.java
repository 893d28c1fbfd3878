package dev.codexmcp.tool;

import java.nio.charset.StandardCharsets;

/** Splits a long text into parts that hosts do not cut. The first line of every part but the last says how to get the next one. */
final class TextPage {
    private TextPage() {}

    /** Whether the text needs more than one part. */
    static boolean isLong(String text, long maxBytes) {
        return text.length() > maxBytes || utf8Length(text) > maxBytes;
    }

    /**
     * The part of a text that begins at a character.
     *
     * @param from a position in the text; past its end, the part is empty
     * @param maxBytes the length of a part with its first line; a part has at least one character
     * @param jobId the job whose {@code codex_result} the text is
     */
    static String of(String text, int from, long maxBytes, String jobId) {
        int start = Math.min(from, text.length());
        String rest = text.substring(start);
        if (!isLong(rest, maxBytes)) {
            return rest;
        }
        int longest = utf8Length(firstLine(start, text.length(), text.length(), jobId));
        int end = start;
        long room = maxBytes - longest;
        while (end < text.length()) {
            int character = text.codePointAt(end);
            room -= utf8Length(character);
            if (room < 0 && end > start) {
                break;
            }
            end += Character.charCount(character);
        }
        return firstLine(start, end, text.length(), jobId) + text.substring(start, end);
    }

    private static String firstLine(int start, int end, int length, String jobId) {
        return "[Characters " + start + " to " + end + " of " + length + "; continue with codex_result, jobId \""
                + jobId + "\", cursor \"" + end + "\"]\n";
    }

    private static int utf8Length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static int utf8Length(int character) {
        return character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
    }
}
