package dev.codexmcp.json;

/**
 * The first {@code length} of these bytes, which change no more: what is long travels in pieces, so that it need not be copied
 * to be put together.
 */
public record Piece(byte[] bytes, int length) {
    public static Piece of(byte[] bytes) {
        return new Piece(bytes, bytes.length);
    }
}
