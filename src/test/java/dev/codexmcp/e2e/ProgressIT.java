package dev.codexmcp.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.testkit.JobTools;
import dev.codexmcp.testkit.McpClient;
import dev.codexmcp.testkit.ModelScript;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A long call reports its progress if its request had a token. */
class ProgressIT {

    private static final String METHOD = "notifications/progress";

    @RegisterExtension
    private final EndToEndFixture bench = new EndToEndFixture();

    private static JsonNode awaitProgress(McpClient client, String token, String message) {
        return client.awaitMessage(
                "progress: " + message,
                received -> received.path("method").asText().equals(METHOD)
                        && received.path("params")
                                .path("progressToken")
                                .asText()
                                .equals(token)
                        && received.path("params").path("message").asText().contains(message));
    }

    /** Checks that progress rises, that each report has a message, and that none comes after the answer. */
    private static void assertOrderly(McpClient client, McpClient.PendingCall call) {
        assertThat(client.notifications(METHOD))
                .isNotEmpty()
                .extracting(progress -> progress.path("params").path("progress").asDouble())
                .doesNotHaveDuplicates()
                .isSorted();
        assertThat(client.notifications(METHOD))
                .allMatch(progress ->
                        progress.path("params").path("message").asText().length() > 3);
        // The answer to a later request flushes out anything sent after the answer to this one.
        client.call("ping", Map.of());
        List<JsonNode> received = client.received();
        int answer = received.indexOf(received.stream()
                .filter(message -> message.path("id").asInt() == call.id())
                .findFirst()
                .orElseThrow());
        assertThat(received.subList(answer, received.size()))
                .noneMatch(message -> message.path("method").asText().equals(METHOD));
    }

    @Test
    void aTurnReportsMessagesCommandsAndEdits() throws IOException {
        McpClient client = bench.start();
        String prompt = ModelScript.script()
                .say("Let me look around.")
                .gate("looked")
                .shell("until [ -e go ]; do sleep 0.05; done; echo went")
                .addFile("App.java", "class App {}")
                .gate("edited")
                .say("All done.")
                .prompt();

        McpClient.PendingCall call = client.callAsync(
                "codex",
                Map.of("prompt", prompt, "workingDirectory", bench.workspace().toString()),
                "token-1");
        awaitProgress(client, "token-1", "Let me look around.");
        bench.model().gate("looked").open();
        awaitProgress(client, "token-1", "running: until [ -e go ]; do sleep 0.05; done; echo went");
        Files.createFile(bench.workspace().resolve("go"));
        awaitProgress(client, "token-1", "edited ");
        bench.model().gate("edited").open();

        assertThat(client.answer(call).text()).isEqualTo("All done.");
        assertOrderly(client, call);
    }

    @Test
    void reviewsAndSearchesReportProgressToo() {
        McpClient client = bench.start();
        String prompt = ModelScript.script()
                .shell("echo reading")
                .gate("read")
                .say("fine")
                .prompt();

        McpClient.PendingCall review = client.callAsync(
                "review",
                Map.of("prompt", prompt, "workingDirectory", bench.workspace().toString()),
                "review");
        McpClient.PendingCall search = client.callAsync("websearch", Map.of("query", "\n" + prompt + "\n"), "search");
        awaitProgress(client, "review", "ran: echo reading");
        awaitProgress(client, "search", "ran: echo reading");
        bench.model().gate("read").open();

        assertThat(client.answer(review).text()).isEqualTo("fine");
        assertThat(client.answer(search).text()).isEqualTo("fine");
    }

    @Test
    void aWaitReportsTheNumberOfJobs() {
        McpClient client = bench.start();
        JobTools jobs = new JobTools(client);
        String held = ModelScript.script().gate("end").say("done").prompt();
        String one = jobs.spawn(held, bench.workspace(), "read-only");
        String two = jobs.spawn(held, bench.workspace(), "read-only");

        McpClient.PendingCall call =
                client.callAsync("codex_wait_any", Map.of("jobIds", List.of(one, two), "timeoutMs", 60_000), "wait");
        awaitProgress(client, "wait", "waiting for 2 of 2 jobs");
        bench.model().gate("end").open();

        assertThat(client.answer(call).json().path("completedJobId").asText()).isIn(one, two);
        assertOrderly(client, call);
    }

    @Test
    void aRequestWithoutATokenGetsNoProgress() {
        McpClient client = bench.start();
        String prompt =
                ModelScript.script().say("a word").gate("end").say("done").prompt();

        McpClient.PendingCall silent = client.callAsync("codex", Map.of("prompt", prompt));
        McpClient.PendingCall told = client.callAsync("codex", Map.of("prompt", prompt), "told");
        awaitProgress(client, "told", "a word");
        bench.model().gate("end").open();
        client.answer(silent);
        client.answer(told);

        assertThat(client.notifications(METHOD))
                .extracting(progress ->
                        progress.path("params").path("progressToken").asText())
                .containsOnly("told");
    }
}
