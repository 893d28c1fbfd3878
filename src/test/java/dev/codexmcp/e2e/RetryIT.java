package dev.codexmcp.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.testkit.JobTools;
import dev.codexmcp.testkit.McpClient;
import dev.codexmcp.testkit.ModelScript;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A job that meets a rate limit of the real CLI goes on with its thread. */
class RetryIT {
    @RegisterExtension
    private final EndToEndFixture bench = new EndToEndFixture();

    @Test
    void afterARateLimitTheJobResumesItsThread() {
        McpClient client = bench.start();
        JobTools jobs = new JobTools(client);
        String prompt = ModelScript.script()
                .remark("the secret is 4711")
                .shell("true")
                .http(429, "slow down")
                .prompt();

        String jobId = jobs.spawn(Map.of(
                "prompt",
                prompt,
                "retries",
                1,
                "sandbox",
                "read-only",
                "workingDirectory",
                bench.workspace().toString()));
        jobs.awaitEvent(
                jobId,
                "retry",
                event -> event.path("content").path("kind").asText().equals("retrying"));
        JsonNode row = client.call("codex_list", Map.of()).json().path("jobs").get(0);
        JsonNode status = jobs.awaitEnd(jobId);
        List<JsonNode> events = jobs.eventsSoFar(jobId);

        assertThat(row.path("status").asText()).isEqualTo("queued");
        assertThat(status.path("status").asText()).isEqualTo("done");
        assertThat(status.path("attempt").asInt()).isEqualTo(2);
        assertThat(jobs.result(jobId)).isEqualTo("Continue.");
        var requests = bench.model().requests();
        assertThat(requests.get(requests.size() - 1).body().path("input").toString())
                .containsSubsequence("the secret is 4711", "Continue.");
        assertThat(events.stream().filter(event -> event.path("type").asText().equals("final")))
                .hasSize(1);
        List<JsonNode> starts = events.stream()
                .filter(event -> event.path("content").path("kind").asText().equals("spawned"))
                .toList();
        assertThat(starts).hasSize(2);
        assertThat(JobTools.texts(starts.get(1).path("content").path("args")))
                .endsWith("resume", status.path("threadId").asText(), "--", "Continue.");
        assertThat(JobTools.texts(starts.get(0).path("content").path("args"))).endsWith("--", prompt);
    }
}
