package dev.codexmcp.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/** Something that writes itself as one JSON value. */
@FunctionalInterface
public interface JsonWritable {
    void writeTo(JsonGenerator json) throws IOException;
}
