package dev.codexmcp.codex.event;

import java.nio.charset.StandardCharsets;

/**
 * Determines a line's kind from what {@link JsonSyntax} reports while it reads the line: the value of the line's {@code type},
 * and of the {@code type} of its {@code item}. Of two members of one name the later one counts, even if its value makes no
 * sense. Keeps at most 32 bytes of a string, which is more than any word that matters has.
 */
final class KindDetector {
    /** Stands for the type of an item that is no object or is missing: no such line is an item event. */
    static final String NO_ITEM = "\0";

    /** Stands for the type of an item that has none, or none that is a string. */
    private static final String NO_TYPE = "?";

    private static final int CAPTURE = 32;

    /** What the value after a name means to the line's kind. */
    private enum Role {
        NONE,
        TYPE,
        ITEM,
        ITEM_TYPE
    }

    private final byte[] captured = new byte[CAPTURE];
    private int capturedLength;
    private boolean capturing;

    /** That of the value that is being read or comes next. */
    private Role role = Role.NONE;

    private String type = "";
    private String itemType = NO_ITEM;
    private boolean inItem;

    /** The kind of the line read, if that is JSON. */
    CodexEventKind kind() {
        return CodexEventKind.of(type, itemType);
    }

    /** Gets ready for the next line. */
    void reset() {
        type = "";
        itemType = NO_ITEM;
        inItem = false;
        role = Role.NONE;
        capturing = false;
    }

    /** A name begins in an object that is nested this deep, the line's own counting as 1. */
    void beginName(int depth) {
        capturedLength = 0;
        capturing = depth == 1 || (depth == 2 && inItem);
    }

    void endName(int depth) {
        role = capturing ? roleOfCaptured(depth) : Role.NONE;
        capturing = false;
    }

    /** A value begins that is a string. */
    void beginText() {
        capturedLength = 0;
        capturing = role == Role.TYPE || role == Role.ITEM_TYPE;
    }

    void endText() {
        switch (role) {
            case TYPE -> type = capturing ? capturedText() : "";
            case ITEM_TYPE -> itemType = capturing ? capturedText() : NO_TYPE;
            case ITEM -> itemType = NO_ITEM;
            case NONE -> {}
        }
        capturing = false;
    }

    /** Bytes of the name or text that is being read, without quotes and escapes. */
    void capture(byte[] bytes, int from, int to) {
        if (!capturing) {
            return;
        }
        int count = to - from;
        if (capturedLength + count > CAPTURE) {
            capturing = false;
        } else {
            System.arraycopy(bytes, from, captured, capturedLength, count);
            capturedLength += count;
        }
    }

    /** The name or text that is being read has an escape: no word that matters is spelt with one. */
    void escape() {
        capturing = false;
    }

    /** A value begins that is no string. */
    void beginOtherValue() {
        switch (role) {
            case TYPE -> type = "";
            case ITEM -> itemType = NO_ITEM;
            case ITEM_TYPE -> itemType = NO_TYPE;
            case NONE -> {}
        }
    }

    /** That value is an object, within an object or array nested this deep. */
    void beginObject(int depth) {
        if (depth == 1) {
            inItem = role == Role.ITEM;
            itemType = inItem ? NO_TYPE : itemType;
        }
        role = Role.NONE;
    }

    /** That value is an array. */
    void beginArray() {
        role = Role.NONE;
    }

    /** An object or array has ended, within one nested this deep. */
    void endNested(int depth) {
        if (depth == 1) {
            inItem = false;
        }
        role = Role.NONE;
    }

    /** A comma: another member or element follows. */
    void next() {
        role = Role.NONE;
    }

    private Role roleOfCaptured(int depth) {
        if (capturedIs('t', 'y', 'p', 'e')) {
            return depth == 1 ? Role.TYPE : Role.ITEM_TYPE;
        }
        return depth == 1 && capturedIs('i', 't', 'e', 'm') ? Role.ITEM : Role.NONE;
    }

    private boolean capturedIs(char a, char b, char c, char d) {
        return capturedLength == 4 && captured[0] == a && captured[1] == b && captured[2] == c && captured[3] == d;
    }

    private String capturedText() {
        return new String(captured, 0, capturedLength, StandardCharsets.ISO_8859_1);
    }
}
