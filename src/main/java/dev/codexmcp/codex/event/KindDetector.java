package dev.codexmcp.codex.event;

import java.nio.charset.StandardCharsets;

/**
 * Determines a line's kind from what {@link JsonSyntax} reports while it reads the line: the values of {@code type} and
 * {@code item.type}. Of members with the same name, the last counts, even if its value is invalid. Keeps at most 32
 * bytes of a string, more than any relevant name or value has.
 */
final class KindDetector {
    /** The type of an item that is missing or not an object: the line is not an item event. */
    static final String NO_ITEM = "\0";

    /** The type of an item without a type, or with one that is not a string. */
    private static final String NO_TYPE = "?";

    private static final int CAPTURE = 32;

    /** How a member's value affects the line's kind. */
    private enum Role {
        NONE,
        TYPE,
        ITEM,
        ITEM_TYPE
    }

    private final byte[] captured = new byte[CAPTURE];
    private int capturedLength;
    private boolean capturing;

    /** The role of the current or next value. */
    private Role role = Role.NONE;

    private String type = "";
    private String itemType = NO_ITEM;
    private boolean inItem;

    /** The kind of the line just read, provided it is JSON. */
    CodexEventKind kind() {
        return CodexEventKind.of(type, itemType);
    }

    /** Prepares for the next line. */
    void reset() {
        type = "";
        itemType = NO_ITEM;
        inItem = false;
        role = Role.NONE;
        capturing = false;
    }

    /** A name starts in an object at this depth; the line's own object has depth 1. */
    void beginName(int depth) {
        capturedLength = 0;
        capturing = depth == 1 || (depth == 2 && inItem);
    }

    void endName(int depth) {
        role = capturing ? roleOfCaptured(depth) : Role.NONE;
        capturing = false;
    }

    /** A string value starts. */
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

    /** Takes bytes of the current name or string, without quotes and escapes. */
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

    /** The current name or string contains an escape, which no relevant one does. */
    void escape() {
        capturing = false;
    }

    /** A value other than a string starts. */
    void beginOtherValue() {
        switch (role) {
            case TYPE -> type = "";
            case ITEM -> itemType = NO_ITEM;
            case ITEM_TYPE -> itemType = NO_TYPE;
            case NONE -> {}
        }
    }

    /** The value is an object, inside an object or array at this depth. */
    void beginObject(int depth) {
        if (depth == 1) {
            inItem = role == Role.ITEM;
            itemType = inItem ? NO_TYPE : itemType;
        }
        role = Role.NONE;
    }

    /** The value is an array. */
    void beginArray() {
        role = Role.NONE;
    }

    /** An object or array ends, inside one at this depth. */
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
