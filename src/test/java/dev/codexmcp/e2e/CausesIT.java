package dev.codexmcp.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.testkit.CodexHome;
import dev.codexmcp.testkit.JobTools;
import dev.codexmcp.testkit.McpClient;
import dev.codexmcp.testkit.ModelScript;
import dev.codexmcp.testkit.ProcessProbe;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What goes wrong with the real CLI's provider is said in a word, the same in every answer. */
class CausesIT {
    @RegisterExtension
    private final EndToEndFixture bench = new EndToEndFixture();

    private final long inAnHour = Instant.now().getEpochSecond() + 3600;

    /** An error of the kind that the CLI knows by its type. */
    private static Map<String, ?> error(String type, String message, Map<String, ?> more) {
        Map<String, Object> error = new LinkedHashMap<>(more);
        error.put("type", type);
        error.put("message", message);
        return Map.of("error", error);
    }

    private JsonNode fails(McpClient client, String prompt, String reason) {
        return fails(client, Map.of("prompt", prompt, "sandbox", "read-only"), reason);
    }

    /** Spawns a job that fails, checks that all answers name the reason, and returns its status. */
    private JsonNode fails(McpClient client, Map<String, ?> arguments, String reason) {
        JobTools jobs = new JobTools(client);
        String jobId = jobs.spawn(arguments);
        JsonNode status = jobs.awaitEnd(jobId);
        String message = status.path("message").asText();
        List<JsonNode> events = jobs.eventsSoFar(jobId);
        JsonNode last = events.get(events.size() - 1).path("content");
        JsonNode full = jobs.fullResult(jobId);
        JsonNode row = client.call("codex_list", Map.of("limit", 1))
                .json()
                .path("jobs")
                .get(0);
        JsonNode end = client.call("codex_wait", Map.of("jobIds", List.of(jobId)))
                .json()
                .path("ended")
                .get(0);

        assertThat(status.path("status").asText()).as(status.toString()).isEqualTo("failed");
        for (JsonNode answer : List.of(status, last, full, row, end)) {
            assertThat(answer.path("reason").asText()).as(answer.toString()).isEqualTo(reason);
        }
        assertThat(message).isNotBlank().hasSizeLessThanOrEqualTo(300).doesNotContain("\n");
        for (JsonNode answer : List.of(last, full)) {
            assertThat(answer.path("message").asText()).isEqualTo(message);
            assertThat(answer.path("retryAt")).isEqualTo(status.path("retryAt"));
        }
        assertThat(status.path("exitCode").asInt()).isEqualTo(1);
        return status;
    }

    private static JsonNode hold(McpClient client) {
        return client.call("codex_list", Map.of()).json().path("hold");
    }

    @Test
    void tooManyRequestsAreARateLimitAndHoldTheQueue() {
        bench.newHome().retries(1).create();
        McpClient client = bench.start();
        String refusing = ModelScript.script()
                .http(429, Map.of("retry-after", "1"), error("rate_limit", "slow down", Map.of()))
                .prompt();

        JsonNode status = fails(client, refusing, "rate_limit");

        assertThat(status.path("message").asText()).startsWith("exceeded retry limit, last status: 429");
        assertThat(hold(client).path("reason").asText()).isEqualTo("rate_limit");
        assertThat(Instant.parse(hold(client).path("until").asText())).isAfter(Instant.now());
        JobTools jobs = new JobTools(client);
        String queued = jobs.spawn(Map.of("prompt", "hello", "queue", true));
        assertThat(jobs.status(queued).path("status").asText()).isEqualTo("queued");
        JsonNode wait = client.call("codex_wait", Map.of("timeoutMs", 1)).json();
        assertThat(wait.path("hold").path("reason").asText()).isEqualTo("rate_limit");
        assertThat(wait.path("pending").path("queued").asInt()).isOne();
        String now = jobs.spawn(Map.of("prompt", "at once"));
        assertThat(jobs.awaitEnd(now).path("status").asText()).isEqualTo("done");
        assertThat(jobs.awaitEnd(queued).path("status").asText()).isEqualTo("done");
        assertThat(hold(client).isMissingNode()).isTrue();
    }

    @Test
    void aRateLimitInTheReplyNamesWhenToRetry() {
        McpClient client = bench.start();
        JsonNode status = fails(
                client,
                ModelScript.script()
                        .fail("rate_limit_exceeded", "Rate limit reached. Please try again in 7m12s.")
                        .prompt(),
                "rate_limit");

        assertThat(Instant.parse(status.path("retryAt").asText()))
                .isAfter(Instant.now().plusSeconds(360));
        assertThat(hold(client).path("until").asText())
                .isEqualTo(status.path("retryAt").asText());
    }

    @Test
    void aProviderWithoutCapacityIsOverloaded() {
        McpClient client = bench.start();
        fails(client, ModelScript.script().http(503, "try later").prompt(), "overloaded");
        assertThat(hold(client).path("reason").asText()).isEqualTo("overloaded");
    }

    @Test
    void aUsageLimitHoldsTheQueueUntilItsTime() {
        McpClient client = bench.start();
        JsonNode status = fails(
                client,
                ModelScript.script()
                        .http(
                                429,
                                Map.of(),
                                error(
                                        "usage_limit_reached",
                                        "limit",
                                        Map.of("plan_type", "plus", "resets_at", inAnHour)))
                        .prompt(),
                "usage_limit");

        assertThat(Instant.parse(status.path("retryAt").asText()).getEpochSecond())
                .isBetween(inAnHour - 60, inAnHour + 60);
        assertThat(hold(client).path("until").asText())
                .isEqualTo(status.path("retryAt").asText());
        JobTools jobs = new JobTools(client);
        String queued = jobs.spawn(Map.of("prompt", "hello", "queue", true, "label", "later"));
        JsonNode wait = client.call("codex_wait", Map.of("timeoutMs", 60_000)).json();
        assertThat(wait.path("timedOut").asBoolean())
                .as("waiting would be in vain")
                .isTrue();
        JsonNode row = client.call("codex_list", Map.of("label", "later"))
                .json()
                .path("jobs")
                .get(0);
        assertThat(row.path("doing").asText()).matches("held for \\d+ s");
        assertThat(jobs.cancel(queued, false)).isTrue();
    }

    @Test
    void aUsageLimitWithoutATimeHoldsNothing() {
        McpClient client = bench.start();
        JsonNode status = fails(
                client,
                ModelScript.script()
                        .http(429, Map.of(), error("usage_limit_reached", "limit", Map.of()))
                        .prompt(),
                "usage_limit");

        assertThat(status.has("retryAt")).isFalse();
        assertThat(hold(client).isMissingNode()).isTrue();
    }

    @Test
    void aBadKeyAndAnUnknownModelAreNamed() {
        McpClient client = bench.start();
        String key = ModelScript.script()
                .http(401, Map.of(), error("invalid_request_error", "Incorrect API key", Map.of()))
                .prompt();
        fails(client, key, "auth");
        String model = ModelScript.script()
                .http(
                        404,
                        Map.of(),
                        error(
                                "invalid_request_error",
                                "The model `gpt-nine` does not exist or you do not have access to it.",
                                Map.of("code", "model_not_found")))
                .prompt();
        JsonNode status = fails(client, Map.of("prompt", model, "model", "gpt-nine"), "model");
        assertThat(status.path("message").asText()).contains("gpt-nine");
        assertThat(hold(client).isMissingNode()).isTrue();
    }

    @Test
    void anAgentThatWritesAboutErrorsHasNone() {
        JobTools jobs = new JobTools(bench.start());
        String words = "You've hit your usage limit, try again at 10:26 PM. exceeded retry limit, last status: 429";

        String done = jobs.spawn(ModelScript.script().say(words).prompt(), bench.workspace(), "read-only");
        String failed = jobs.spawn(
                ModelScript.script()
                        .say(words)
                        .think(words)
                        .fail("something else")
                        .prompt(),
                bench.workspace(),
                "read-only");

        assertThat(jobs.awaitEnd(done).has("reason")).isFalse();
        assertThat(jobs.awaitEnd(failed).path("reason").asText()).isEqualTo("exit");
        assertThat(jobs.status(failed).path("message").asText()).isEqualTo("something else");
    }

    @Test
    void withoutANetworkAJobContinuesUntilItIsEnded() throws IOException {
        int closed;
        try (ServerSocket socket = new ServerSocket(0)) {
            closed = socket.getLocalPort();
        }
        CodexHome.in(bench.home().directory(), URI.create("http://127.0.0.1:" + closed + "/v1"))
                .create();
        McpClient client = bench.start();
        JobTools jobs = new JobTools(client);
        String forever = jobs.spawn(Map.of("prompt", "hello", "label", "forever"));
        String limited = jobs.spawn(Map.of("prompt", "hello", "maxIdleMs", 4000, "label", "limited"));

        JsonNode woken =
                client.call("codex_wait", Map.of("wakeOnAttention", true)).json();
        assertThat(woken.path("attention").get(0).path("attention").toString()).isEqualTo("[\"network\"]");
        JsonNode ended = jobs.awaitEnd(limited);
        assertThat(ended.path("status").asText()).isEqualTo("failed");
        assertThat(ended.path("reason").asText()).isEqualTo("idle");

        JsonNode row = client.call("codex_list", Map.of("label", "forever"))
                .json()
                .path("jobs")
                .get(0);
        assertThat(row.path("status").asText()).isEqualTo("running");
        assertThat(row.path("attention").toString()).isEqualTo("[\"network\"]");
        assertThat(row.path("doing").asText()).isEqualTo("reconnects: network");
        assertThat(row.path("idleS").asInt()).isGreaterThanOrEqualTo(1);
        assertThat(jobs.cancel(forever, false)).isTrue();
        JsonNode canceled = jobs.awaitEnd(forever);
        assertThat(canceled.path("status").asText()).isEqualTo("canceled");
        assertThat(canceled.has("reason")).isFalse();
        ProcessProbe.ofJob(forever).or(ProcessProbe.ofJob(limited)).awaitNone();
    }

    @Test
    void aCliThatExitsWithoutAnEventHasItsErrorAsMessage() throws IOException {
        McpClient client = bench.start();
        Files.writeString(
                bench.home().directory().resolve("config.toml"),
                "model = \"m\"\n[model_providers.x]\nexperimental_bearer_token = \"sk-SECRET\" junk\n");
        JsonNode syntax = fails(client, "hello", "exit");
        assertThat(syntax.path("message").asText())
                .startsWith("Error loading config.toml: ")
                .doesNotContain("SECRET");

        Files.writeString(bench.home().directory().resolve("config.toml"), "model_provider = \"nope\"\n");
        assertThat(fails(client, "hello", "exit").path("message").asText())
                .isEqualTo("Error: Model provider `nope` not found");
    }
}
