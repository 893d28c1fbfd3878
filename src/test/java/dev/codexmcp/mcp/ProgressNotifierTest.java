package dev.codexmcp.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.codexmcp.mcp.jsonrpc.PendingRequests;
import dev.codexmcp.mcp.jsonrpc.ResponseAddress;
import dev.codexmcp.mcp.jsonrpc.ResponseFormat;
import dev.codexmcp.mcp.stdio.LineWriter;
import dev.codexmcp.tool.ProgressListener;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgressNotifierTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final LineWriter writer = new LineWriter(out, () -> {}, () -> {});
    private final PendingRequests pending = new PendingRequests();
    private final long number =
            pending.add(JSON.getNodeFactory().numberNode(1), new ResponseAddress("1", ResponseFormat.WITH_HANDSHAKE));

    @ParameterizedTest
    @ValueSource(strings = {"0", "7", "\"token\"", "\"\"", "\"é\\n\""})
    void progressRisesAndCarriesTheTokenOfTheRequest(String token) throws Exception {
        ProgressListener progress = progress("{\"_meta\":{\"progressToken\":" + token + "}}");
        progress.report("one");
        progress.report("two \"é\" \ud800");

        assertThat(progress.wanted()).isTrue();
        assertThat(sent())
                .containsExactly(
                        JSON.readTree(
                                "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{\"progressToken\":"
                                        + token + ",\"progress\":1,\"message\":\"one\"}}"),
                        JSON.readTree(
                                "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{\"progressToken\":"
                                        + token + ",\"progress\":2,\"message\":\"two \\\"é\\\" \uFFFD\"}}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"_meta\":{}}",
                "{\"_meta\":{\"progressToken\":null}}",
                "{\"_meta\":{\"progressToken\":{}}}",
                "{\"_meta\":5}",
                "[]"
            })
    void withoutATokenNothingIsSent(String params) throws Exception {
        ProgressListener progress = progress(params);
        progress.report("one");

        assertThat(progress.wanted()).isFalse();
        assertThat(sent()).isEmpty();
    }

    @Test
    void nothingIsSentAfterTheAnswer() throws Exception {
        ProgressListener progress = progress("{\"_meta\":{\"progressToken\":1}}");
        pending.remove(number);
        progress.report("late");

        assertThat(sent()).isEmpty();
    }

    private ProgressListener progress(String params) throws IOException {
        return ProgressNotifier.of(
                new RoutedRequest(number, "1", "tools/call", JSON.readTree(params), ClientInfo.UNKNOWN),
                writer,
                pending);
    }

    private List<JsonNode> sent() throws Exception {
        writer.drain(); // also what its own thread is just writing
        List<JsonNode> sent = new ArrayList<>();
        for (String line : out.toString(UTF_8).split("\n", -1)) {
            if (!line.isEmpty()) {
                sent.add(JSON.readTree(line));
            }
        }
        return sent;
    }
}
