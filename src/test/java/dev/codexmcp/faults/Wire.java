package dev.codexmcp.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Messages as JSON trees. */
final class Wire {
    /** Without limits: answers may be as odd as a worker's output. */
    static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .build())
            .streamWriteConstraints(StreamWriteConstraints.builder()
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .build())
            .build());

    private Wire() {}

    static JsonNode tree(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ObjectNode job(String jobId) {
        return JSON.createObjectNode().put("jobId", jobId);
    }

    /** The text of a tool's result, failed or not. */
    static String text(JsonNode answer) {
        return answer.path("result").path("content").path(0).path("text").asText();
    }

    static boolean failed(JsonNode answer) {
        return answer.has("error") || answer.path("result").path("isError").asBoolean();
    }

    /** The object that a tool returned. */
    static JsonNode json(JsonNode answer) {
        assertThat(failed(answer)).as("answer %s", answer).isFalse();
        return tree(text(answer));
    }
}
