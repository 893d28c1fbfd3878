package dev.codexmcp.mcp.stdio;

import dev.codexmcp.json.ByteSlice;
import dev.codexmcp.json.Utf8Buffer;
import java.util.List;

/** A line for the client, line feed included, in one or more pieces. */
public record OutgoingLine(List<ByteSlice> pieces) {
    public OutgoingLine {
        pieces = List.copyOf(pieces);
    }

    public static OutgoingLine of(byte[] line) {
        return new OutgoingLine(List.of(ByteSlice.of(line)));
    }

    public int length() {
        return pieces.stream().mapToInt(ByteSlice::length).sum();
    }

    public byte[] toByteArray() {
        Utf8Buffer all = new Utf8Buffer(length());
        pieces.forEach(piece -> all.write(piece.array(), piece.offset(), piece.length()));
        return all.toByteArray();
    }
}
