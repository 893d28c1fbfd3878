package dev.codexmcp.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** JSON in printable ASCII: a terminal could interpret other characters in a worker's text as commands. */
final class AsciiJson {
    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private AsciiJson() {}

    static String line(JsonNode value) throws JsonProcessingException {
        return printable(MAPPER.writeValueAsString(value));
    }

    static String pretty(JsonNode value) throws JsonProcessingException {
        return printable(MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value));
    }

    private static String printable(String ascii) {
        return ascii.replace("\u007f", "\\u007f");
    }
}
