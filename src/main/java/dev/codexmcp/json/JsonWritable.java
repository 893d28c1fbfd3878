package dev.codexmcp.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/** A value that can write itself as JSON. */
@FunctionalInterface
public interface JsonWritable {
    void writeTo(JsonGenerator json) throws IOException;
}
