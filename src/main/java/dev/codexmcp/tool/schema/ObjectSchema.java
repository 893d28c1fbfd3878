package dev.codexmcp.tool.schema;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;

/** Writes the JSON schema of an object with these fields. */
public final class ObjectSchema {
    private ObjectSchema() {}

    /** The schema as a whole. */
    public static void write(JsonGenerator json, List<Parameter<?>> fields) throws IOException {
        json.writeStartObject();
        writeMembers(json, fields);
        if (fields.isEmpty()) {
            json.writeBooleanField("additionalProperties", false); // or strict readers take it for any object
        }
        json.writeEndObject();
    }

    /** Its members, without the braces around them. */
    static void writeMembers(JsonGenerator json, List<Parameter<?>> fields) throws IOException {
        json.writeStringField("type", "object");
        json.writeObjectFieldStart("properties");
        for (Parameter<?> field : fields) {
            field.writeTo(json);
        }
        json.writeEndObject();
        if (fields.stream().anyMatch(Parameter::isRequired)) {
            json.writeArrayFieldStart("required");
            for (Parameter<?> field : fields) {
                if (field.isRequired()) {
                    json.writeString(field.name());
                }
            }
            json.writeEndArray();
        }
    }
}
