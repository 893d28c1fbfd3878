package dev.codexmcp.server;

import dev.codexmcp.json.Piece;
import dev.codexmcp.json.Utf8Buffer;
import java.util.List;

/** A line for the client, line feed included, in one or more pieces. */
record Message(List<Piece> pieces) {
    Message {
        pieces = List.copyOf(pieces);
    }

    static Message of(byte[] line) {
        return new Message(List.of(Piece.of(line)));
    }

    int length() {
        return pieces.stream().mapToInt(Piece::length).sum();
    }

    byte[] toByteArray() {
        Utf8Buffer all = new Utf8Buffer(length());
        pieces.forEach(piece -> all.write(piece.bytes(), 0, piece.length()));
        return all.toByteArray();
    }
}
