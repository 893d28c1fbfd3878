package dev.codexmcp.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.testkit.ProcessProbe;
import dev.codexmcp.testkit.TestJson;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Text of almost the maximum line length comes back whole, or as an error if the heap is too small. */
@Tag("slow")
class LongStringsIT {
    private static final int LONG = 60_000_000;
    private static final int MAX_LINE = 64 * 1024 * 1024;

    @TempDir
    Path scratch;

    private static void end(ShellClient server) {
        assertThat(server.strays()).isEmpty();
        server.closeStdin();
        assertThat(server.awaitExit()).isZero();
    }

    @AfterEach
    void killAll() {
        ProcessProbe.inDirectory(scratch).kill();
    }

    private ShellClient start(String heap) {
        ShellCodex.install(scratch);
        ShellClient server = ShellCodexServer.in(scratch)
                .with("CODEX_MCP_JAVA_OPTS", "-Xmx" + heap)
                .start();
        server.initialize();
        return server;
    }

    private static JsonNode ping(ShellClient server, String message) {
        return server.get(server.ask("ping", TestJson.object().put("message", message)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "\"\n", "漢"})
    void comesBackWhole(String character) {
        // Its length in the line, where a quote and a line feed take two bytes each.
        int length = character.equals("\"\n") ? 4 : character.getBytes(UTF_8).length;
        String message = character.repeat(LONG / length);
        try (ShellClient server = start("1g")) {
            assertThat(Responses.text(ping(server, message)).equals(message)).isTrue();
            server.ping();
            end(server);
        }
    }

    @Test
    void lineThatIsJustTooLongIsRefusedByItsId() {
        try (ShellClient server = start("1g")) {
            JsonNode answer = ping(server, "x".repeat(MAX_LINE));

            assertThat(answer.path("error").path("code").asInt()).isEqualTo(-32600);
            assertThat(answer.path("error").path("message").asText()).contains("longer than " + MAX_LINE);
            server.ping();
            end(server);
        }
    }

    /** Whichever does not fit: the line, its text or the answer. */
    @ParameterizedTest
    @ValueSource(strings = {"64m", "192m", "512m"})
    void isAnsweredWithItsIdHoweverSmallTheHeap(String heap) {
        String message = "x".repeat(LONG);
        try (ShellClient server = start(heap)) {
            for (int i = 0; i < 2; i++) {
                JsonNode answer = ping(server, message);
                if (Responses.failed(answer)) {
                    assertThat(answer.toString()).contains("CODEX_MCP_JAVA_OPTS=-Xmx");
                } else {
                    assertThat(Responses.text(answer).equals(message)).isTrue();
                }
                server.ping();
            }
            end(server);
        }
    }
}
