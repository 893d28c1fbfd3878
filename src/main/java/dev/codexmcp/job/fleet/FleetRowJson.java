package dev.codexmcp.job.fleet;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.codexmcp.json.Json;
import dev.codexmcp.json.JsonWritable;
import java.io.IOException;

/** Writes rows as JSON, without fields that have nothing to say. */
public final class FleetRowJson {
    /** The longest label, in characters. */
    public static final int LABEL_LENGTH = 40;

    private FleetRowJson() {}

    /** The row as an object. */
    public static JsonWritable of(FleetRow row) {
        return json -> {
            json.writeStartObject();
            writeFields(json, row);
            json.writeEndObject();
        };
    }

    /** Writes the fields of the row into an object. */
    public static void writeFields(JsonGenerator json, FleetRow row) throws IOException {
        json.writeStringField("jobId", row.job().jobId());
        if (row.job().label().isPresent()) {
            json.writeStringField("label", cut(row.job().label().get()));
        }
        json.writeStringField("status", row.job().status().wire());
        if (row.job().reason().isPresent()) {
            json.writeStringField("reason", row.job().reason().get());
        }
        json.writeNumberField("ageS", row.age() / 1000);
        if (row.idle().orElse(0) >= 1000) {
            json.writeNumberField("idleS", row.idle().getAsLong() / 1000);
        }
        if (row.doing().isPresent()) {
            json.writeStringField("doing", row.doing().get());
        }
        if (row.files() > 0) {
            json.writeNumberField("files", row.files());
        }
        if (row.tokens() > 0) {
            json.writeNumberField("tokens", row.tokens());
        }
        if (row.job().host().isPresent()) {
            json.writeStringField("host", row.job().host().get());
        }
        if (!row.attention().isEmpty()) {
            json.writeArrayFieldStart("attention");
            for (String word : row.attention()) {
                json.writeString(word);
            }
            json.writeEndArray();
        }
    }

    private static String cut(String label) {
        return label.length() <= LABEL_LENGTH ? label : Json.wellFormed(label.substring(0, LABEL_LENGTH - 1)) + "…";
    }
}
