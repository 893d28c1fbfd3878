package dev.codexmcp.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The JSON factory that the whole process shares, and helpers for text in JSON. */
public final class Json {
    /**
     * Has no length limits: a worker's output is limited by memory alone, and a 64 MiB line is valid. Field names are
     * not interned, since a worker may produce any number of them.
     */
    public static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .build())
            .streamWriteConstraints(StreamWriteConstraints.builder()
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .build())
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CHARSET_DETECTION)
            .build();

    private Json() {}

    /** Creates a generator that leaves {@code out} open when it is closed. */
    public static JsonGenerator generator(OutputStream out) {
        try {
            return FACTORY.createGenerator(out).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes one value to {@code out} without white space. */
    public static void write(OutputStream out, JsonWritable value) {
        try (JsonGenerator generator = generator(out)) {
            value.writeTo(generator);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One value as compact JSON bytes. */
    public static byte[] bytes(JsonWritable value) {
        Utf8Buffer buffer = new Utf8Buffer(256);
        write(buffer, value);
        return buffer.toByteArray();
    }

    /** Decodes a JSON string of {@code length} bytes, with invalid UTF-8 replaced; null if it is not a JSON string. */
    public static @Nullable String string(byte[] json, int offset, int length) {
        if (isPlain(json, offset, length)) {
            return new String(json, offset + 1, length - 2, StandardCharsets.US_ASCII);
        }
        try {
            return string(FACTORY.createParser(json, offset, length));
        } catch (IOException notUtf8) {
            try {
                return string(FACTORY.createParser(new String(json, offset, length, StandardCharsets.UTF_8)));
            } catch (IOException notJson) {
                return null;
            }
        }
    }

    /** Whether this is a string of ASCII characters without escapes, as most are. */
    private static boolean isPlain(byte[] json, int offset, int length) {
        int last = offset + length - 1;
        if (length < 2 || json[offset] != '"' || json[last] != '"') {
            return false;
        }
        for (int i = offset + 1; i < last; i++) {
            byte b = json[i];
            if (b < ' ' || b == '"' || b == '\\') {
                return false; // bytes from 128 on are negative
            }
        }
        return true;
    }

    private static @Nullable String string(JsonParser parser) throws IOException {
        try (parser) {
            String text = parser.nextTextValue();
            return text == null ? null : wellFormed(text);
        }
    }

    /** Replaces every unpaired surrogate with U+FFFD, since UTF-8 cannot encode it. */
    public static String wellFormed(String text) {
        StringBuilder repaired = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isSurrogate(c)) {
                continue;
            }
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
                continue;
            }
            if (repaired == null) {
                repaired = new StringBuilder(text);
            }
            repaired.setCharAt(i, '\uFFFD');
        }
        return repaired == null ? text : repaired.toString();
    }
}
