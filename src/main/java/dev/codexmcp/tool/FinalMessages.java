package dev.codexmcp.tool;

import dev.codexmcp.job.fleet.FairShare;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Fits final messages into one answer: short ones are complete, long ones are cut, with a note. */
final class FinalMessages {
    private FinalMessages() {}

    /**
     * The messages as they are to be shown.
     *
     * @param room for all messages as JSON strings without quotes, in bytes
     */
    static List<String> fit(List<String> messages, int room) {
        int[] shares =
                FairShare.of(messages.stream().mapToInt(FinalMessages::bytes).toArray(), room);
        List<String> shown = new ArrayList<>();
        for (int i = 0; i < shares.length; i++) {
            shown.add(fit(messages.get(i), shares[i]));
        }
        return shown;
    }

    private static String fit(String message, int room) {
        if (bytes(message) <= room) {
            return message;
        }
        String start = start(message, room - bytes(note(message.length())));
        return start + note(message.length() - start.length());
    }

    /** As much of the start of a text as fits.
     *
     * @param room in bytes inside a JSON string
     */
    static String start(String text, int room) {
        int left = room;
        int end = 0;
        while (end < text.length()) {
            int character = text.codePointAt(end);
            left -= bytes(character);
            if (left < 0) {
                break;
            }
            end += Character.charCount(character);
        }
        return text.substring(0, end);
    }

    /** As much of the end of a text as fits; {@code room} as for {@link #start}. */
    static String end(String text, int room) {
        int left = room;
        int start = text.length();
        while (start > 0) {
            int character = text.codePointBefore(start);
            left -= bytes(character);
            if (left < 0) {
                break;
            }
            start -= Character.charCount(character);
        }
        return text.substring(start);
    }

    private static String note(int missing) {
        return "… [" + missing + " characters more: codex_result]";
    }

    /** The length of a text inside a JSON string, in bytes. */
    static int bytes(String text) {
        return text.codePoints().map(FinalMessages::bytes).sum();
    }

    private static int bytes(int character) {
        return switch (character) {
            case '"', '\\', '\b', '\f', '\n', '\r', '\t' -> 2;
            default ->
                character < ' '
                        ? "\\u0000".length()
                        : Character.toString(character).getBytes(StandardCharsets.UTF_8).length;
        };
    }
}
