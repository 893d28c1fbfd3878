package dev.codexmcp.json;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** An ASCII fragment of JSON that is written often, kept both plain and escaped for use in a JSON string. */
public final class PreEncodedJson {
    private final byte[] plain;
    private final byte[] escaped;

    private PreEncodedJson(byte[] plain, byte[] escaped) {
        this.plain = plain;
        this.escaped = escaped;
    }

    public static PreEncodedJson of(String ascii) {
        byte[] plain = ascii.getBytes(StandardCharsets.US_ASCII);
        Utf8Buffer escaped = new Utf8Buffer(plain.length * 2);
        new JsonStringStream(escaped).write(plain, 0, plain.length);
        return new PreEncodedJson(plain, escaped.toByteArray());
    }

    /** Writes the fragment, escaped if {@code out} is a {@link JsonStringStream}. */
    public void writeTo(OutputStream out) throws IOException {
        if (out instanceof JsonStringStream string) {
            string.writeEscaped(escaped, plain.length);
        } else {
            out.write(plain);
        }
    }
}
