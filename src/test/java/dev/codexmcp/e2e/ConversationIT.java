package dev.codexmcp.e2e;

import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.testkit.JobTools;
import dev.codexmcp.testkit.McpClient;
import dev.codexmcp.testkit.ModelRequest;
import dev.codexmcp.testkit.ModelScript;
import dev.codexmcp.testkit.ToolOutput;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The codex tool: a single turn, or a turn of a conversation, that the caller waits for. */
class ConversationIT {

    @RegisterExtension
    private final EndToEndFixture bench = new EndToEndFixture();

    private ToolOutput codex(McpClient client, String prompt, Map<String, ?> more) {
        Map<String, Object> arguments = new LinkedHashMap<>(more);
        arguments.put("prompt", prompt);
        arguments.putIfAbsent("workingDirectory", bench.workspace().toString());
        return client.call("codex", arguments);
    }

    @Test
    void aTurnReturnsItsFinalMessageAndMetadata() {
        McpClient client = bench.start();

        ToolOutput answer = codex(
                client,
                ModelScript.script()
                        .say("one moment")
                        .addFile("a.txt", "hello")
                        .say("wrote a.txt")
                        .prompt(),
                Map.of("model", "gpt-5.5"));

        assertThatJson(answer.result()).isEqualTo("""
                {
                  content: [{
                    type: 'text',
                    text: 'wrote a.txt',
                    _meta: {threadId: '${json-unit.regex}[0-9a-f-]{36}', model: 'gpt-5.5'}
                  }],
                  _meta: {threadId: '%s', model: 'gpt-5.5'}
                }""".formatted(threadOf(answer)));
        assertThat(bench.workspace().resolve("a.txt")).hasContent("hello");
        assertThat(client.call("listSessions", Map.of()).text()).isEqualTo("No active sessions");
    }

    private static String threadOf(ToolOutput answer) {
        return answer.result().path("_meta").path("threadId").asText();
    }

    @Test
    void aConversationContinuesItsThreadUntilReset() {
        McpClient client = bench.start();

        ToolOutput first = codex(client, "first question", Map.of("sessionId", "talk"));
        ToolOutput second = codex(
                client,
                ModelScript.script()
                        .shell("touch b.txt || echo denied")
                        .say("second answer")
                        .prompt(),
                Map.of("sessionId", "talk", "sandbox", "read-only"));
        ToolOutput other = codex(client, "another question", Map.of("sessionId", "other talk"));
        JsonNode sessions = client.call("listSessions", Map.of()).json();
        ToolOutput anew = codex(client, "third question", Map.of("sessionId", "talk", "resetSession", true));

        assertThat(List.of(first, second, other, anew))
                .extracting(ToolOutput::text)
                .containsExactly("first question", "second answer", "another question", "third question");
        assertThat(threadOf(second)).isEqualTo(threadOf(first));
        assertThat(List.of(threadOf(other), threadOf(anew))).doesNotContain(threadOf(first));
        assertThat(second.result().path("_meta").path("sessionId").asText()).isEqualTo("talk");
        // The second turn includes the first, and runs with the options of its own call.
        assertThat(bench.model().requests()).extracting(ModelRequest::turn).containsExactly(1, 2, 2, 1, 1);
        assertThat(bench.model().requests().get(1).body().path("input").toString())
                .contains("first question");
        assertThat(bench.workspace().resolve("b.txt")).doesNotExist();
        assertThatJson(sessions).isEqualTo("""
                [
                  {id: 'talk', createdAt: '${json-unit.any-string}', lastAccessedAt: '${json-unit.any-string}', turnCount: 2},
                  {id: 'other talk', createdAt: '${json-unit.any-string}', lastAccessedAt: '${json-unit.any-string}',
                      turnCount: 1}
                ]""");
        assertThatJson(client.call("listSessions", Map.of()).json()).isEqualTo("""
                [
                  {id: 'other talk', createdAt: '${json-unit.any-string}', lastAccessedAt: '${json-unit.any-string}',
                      turnCount: 1},
                  {id: 'talk', createdAt: '${json-unit.any-string}', lastAccessedAt: '${json-unit.any-string}', turnCount: 1}
                ]""");
    }

    @Test
    void oddPromptsContinueAConversationToo() {
        McpClient client = bench.start();
        codex(client, "begin", Map.of("sessionId", "odd"));

        for (String prompt : List.of("-", "--help", "--last", "é".repeat(100_000))) {
            assertThat(codex(client, prompt, Map.of("sessionId", "odd")).text()).isEqualTo(prompt);
        }

        assertThat(bench.model().requests()).extracting(ModelRequest::turn).containsExactly(1, 2, 3, 4, 5);
    }

    @Test
    void turnsOfOneConversationWaitForEachOther() {
        McpClient client = bench.start();
        McpClient.PendingCall first = client.callAsync(
                "codex",
                Map.of("prompt", ModelScript.script().gate("first").say("one").prompt(), "sessionId", "talk"));
        bench.model().gate("first").awaitArrivals(1);
        McpClient.PendingCall second = client.callAsync("codex", Map.of("prompt", "two", "sessionId", "talk"));
        McpClient.PendingCall other = client.callAsync("codex", Map.of("prompt", "aside", "sessionId", "aside"));

        assertThat(client.answer(other).text()).isEqualTo("aside");
        assertThat(second.isAnswered()).isFalse();
        bench.model().gate("first").open();

        assertThat(client.answer(first).text()).isEqualTo("one");
        assertThat(client.answer(second).text()).isEqualTo("two");
        assertThat(threadOf(client.answer(second))).isEqualTo(threadOf(client.answer(first)));
    }

    @Test
    void aFailedTurnIsAnErrorWithItsCauseAndTheConversationContinues() {
        McpClient client = bench.start();
        codex(client, "first", Map.of("sessionId", "talk"));

        ToolOutput failed =
                codex(client, ModelScript.script().say("so far").fail("no more").prompt(), Map.of("sessionId", "talk"));
        ToolOutput next = codex(client, "second", Map.of("sessionId", "talk"));
        ToolOutput noSuchModel =
                codex(client, ModelScript.script().http(401, "who are you").prompt(), Map.of("sandbox", "read-only"));

        assertThat(failed.isError()).isTrue();
        assertThat(failed.text()).startsWith("Error in tool \"codex\": ").contains("no more");
        assertThat(next.text()).isEqualTo("second");
        assertThat(noSuchModel.isError()).isTrue();
        assertThat(noSuchModel.text()).startsWith("Error in tool \"codex\": ").contains("401", "who are you");
        assertThat(client.call("listSessions", Map.of())
                        .json()
                        .get(0)
                        .path("turnCount")
                        .asInt())
                .isEqualTo(2);
    }

    @Test
    void aTurnTakesNoPermit() {
        McpClient client = bench.start(bench.server().environment(Map.of("CODEX_MCP_MAX_JOBS", "1")));
        JobTools jobs = new JobTools(client);
        String held = jobs.spawn(ModelScript.script().gate("end").say("held").prompt(), bench.workspace(), "read-only");

        ToolOutput answer = codex(client, "meanwhile", Map.of());
        bench.model().gate("end").open();

        assertThat(answer.text()).isEqualTo("meanwhile");
        assertThat(jobs.awaitEnd(held).path("status").asText()).isEqualTo("done");
    }

    @Test
    void theCallbackUriReachesTheWorker() {
        McpClient client = bench.start(bench.server().environment(Map.of("CODEX_MCP_CALLBACK_URI", "http://server/")));
        String prompt = ModelScript.script()
                .as("uri")
                .shell("printf %s \"$CODEX_MCP_CALLBACK_URI\"")
                .say("{{uri}}")
                .prompt();
        JobTools jobs = new JobTools(client);

        String jobId = jobs.spawn(prompt, bench.workspace(), "read-only");
        jobs.awaitEnd(jobId);

        assertThat(jobs.result(jobId)).isEqualTo("http://server/");
        assertThat(codex(client, prompt, Map.of()).text()).isEqualTo("http://server/");
        assertThat(codex(client, prompt, Map.of("callbackUri", "http://call/?a=b&c=\"d\""))
                        .text())
                .isEqualTo("http://call/?a=b&c=\"d\"");
    }
}
