package dev.codexmcp.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class McpClientIT {

    @Test
    void callsToolsAndKeepsEveryLine() {
        try (McpClient client = McpClient.start(EchoMcpServer.command(), Map.of())) {
            ToolOutput echo = client.call("echo", Map.of("text", "grüß dich\n"));
            ToolOutput failed = client.call("fail", Map.of());

            assertThat(client.initialized().path("serverInfo").path("name").asText())
                    .isEqualTo("echo");
            assertThat(echo.json().path("text").asText()).isEqualTo("grüß dich\n");
            assertThat(failed.isError()).isTrue();
            assertThat(failed.text()).isEqualTo("it failed");
            assertThat(client.transcript().lines(Transcript.Source.STDIN)).hasSize(4);
            assertThat(client.transcript().lines(Transcript.Source.STDOUT)).hasSize(3);
            assertThat(client.end().code()).isZero();
        }
    }

    @Test
    void failsWhenStdoutHoldsAnythingButTheProtocol() {
        McpClient client = McpClient.start(EchoMcpServer.command(), Map.of());
        client.call("rubbish", Map.of());

        assertThatThrownBy(client::close)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("this is no JSON-RPC");
    }

    @Test
    void waitsForCallsOnlyWhenAsked() {
        try (McpClient client = McpClient.start(EchoMcpServer.command(), Map.of())) {
            McpClient.PendingCall hanging = client.callAsync("hang", Map.of());
            McpClient.PendingCall answered = client.callAsync("echo", Map.of("n", 1));

            assertThat(client.answer(answered).json().path("n").asInt()).isEqualTo(1);
            assertThat(hanging.isAnswered()).isFalse();
            client.cancel(hanging);
        }
    }

    @Test
    void sendsBytesAsTheyAre() {
        try (McpClient client = McpClient.server(EchoMcpServer.command()).startSilently()) {
            String line = "{\"jsonrpc\":\"2.0\",\"id\":\"odd\",\"method\":\"tools/list\"}\n";
            client.sendBytes(line.substring(0, 20).getBytes(StandardCharsets.UTF_8));
            client.sendBytes(line.substring(20).getBytes(StandardCharsets.UTF_8));

            assertThat(client.awaitMessage(
                                    "answer to odd",
                                    message -> message.path("id").asText().equals("odd"))
                            .path("result")
                            .path("tools"))
                    .isNotEmpty();
        }
    }

    @Test
    void endsServersBySignal() {
        try (McpClient terminated = McpClient.start(EchoMcpServer.command(), Map.of());
                McpClient killed = McpClient.start(EchoMcpServer.command(), Map.of())) {
            assertThat(terminated.terminate().code()).isEqualTo(128 + 15);
            assertThat(killed.kill().code()).isEqualTo(128 + 9);
        }
    }

    @Test
    void saysWhatItSawWhenTheServerEndsEarly() {
        McpServerCommand server = McpClient.server(java.util.List.of("sh", "-c", "echo broken >&2; exit 3"));

        assertThatThrownBy(server::start).isInstanceOf(AssertionError.class).hasMessageContaining("broken");
    }
}
