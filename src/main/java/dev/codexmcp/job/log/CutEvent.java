package dev.codexmcp.job.log;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.codexmcp.codex.event.EventWriter;
import dev.codexmcp.json.IsoTime;
import dev.codexmcp.json.Json;
import dev.codexmcp.json.Utf8Buffer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * An event too long for its page, with its long texts cut. Each cut text ends with a note on how much is missing and
 * how to get it whole.
 */
final class CutEvent {
    /** Texts are not cut shorter than this, in characters. */
    private static final int SHORTEST = 200;

    private CutEvent() {}

    /**
     * Writes the event in at most {@code limit} bytes, or slightly more if the limit is tiny.
     *
     * @param size the length of the whole event, in bytes
     */
    static void write(LogReader reader, int index, EventWording wording, long size, long limit, OutputStream out) {
        Utf8Buffer whole = new Utf8Buffer(Math.toIntExact(size));
        reader.write(index, new EventWriter(whole), wording);
        // Decoded, because bytes that are not UTF-8 would stop the parser; they become U+FFFD.
        String event = new String(whole.toByteArray(), 0, whole.length(), StandardCharsets.UTF_8);
        String howTo = wording.howToGetWhole(index);
        try {
            for (long keep = limit; keep >= SHORTEST; keep /= 2) {
                Utf8Buffer cut = new Utf8Buffer(4096);
                copy(event, (int) Math.min(keep, Integer.MAX_VALUE), howTo, cut);
                if (cut.length() <= limit) {
                    cut.writeTo(out);
                    return;
                }
            }
            Json.write(out, json -> {
                json.writeStartObject();
                json.writeStringField("type", reader.kind(index).type().wire());
                json.writeObjectFieldStart("content");
                json.writeStringField("cut", "[this event of " + size + " bytes is omitted; " + howTo + "]");
                json.writeEndObject();
                json.writeStringField("timestamp", IsoTime.format(reader.time(index)));
                json.writeEndObject();
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copy(String event, int keep, String howTo, OutputStream out) throws IOException {
        try (JsonParser in = Json.FACTORY.createParser(event);
                JsonGenerator json = Json.generator(out)) {
            for (JsonToken token = in.nextToken(); token != null; token = in.nextToken()) {
                switch (token) {
                    case VALUE_STRING -> json.writeString(cut(Json.wellFormed(in.getText()), keep, howTo));
                    case FIELD_NAME -> json.writeFieldName(Json.wellFormed(in.currentName()));
                    case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> json.writeNumber(in.getText());
                    default -> json.copyCurrentEvent(in);
                }
            }
        }
    }

    private static String cut(String text, int keep, String howTo) {
        if (text.length() <= keep) {
            return text;
        }
        String kept = Json.wellFormed(text.substring(0, keep));
        return kept + "… [cut: " + (text.length() - keep) + " of " + text.length() + " characters are missing; " + howTo
                + "]";
    }
}
