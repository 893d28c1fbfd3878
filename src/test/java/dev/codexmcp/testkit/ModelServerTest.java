package dev.codexmcp.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The scripted model, without a CLI. */
class ModelServerTest {

    private final ModelServer model = ModelServer.start();
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        model.close();
    }

    @Test
    void echoesAPromptWithoutAScript() {
        assertThat(items(ask(conversation("hello")))).containsExactly("message hello");
    }

    @Test
    void continuesAfterTheLastCallThatWasAnswered() {
        String prompt = ModelScript.script()
                .think("first")
                .shell("ls")
                .as("second")
                .shell("pwd")
                .say("in {{second}}")
                .prompt();
        ArrayNode input = conversation(prompt);

        assertThat(items(ask(input))).containsExactly("reasoning first", "exec_command ls");
        answer(input, "call_1_1_0", "Wall time: 0.1 seconds\nOutput:\na.txt");
        assertThat(items(ask(input))).containsExactly("exec_command pwd");
        answer(input, "call_1_2_0", "Chunk ID: 1\nProcess exited with code 0\nOutput:\n/tmp");
        assertThat(items(ask(input))).containsExactly("message in /tmp");
    }

    @Test
    void takesAnAnswerAsAShellDoes() {
        ArrayNode input = conversation(ModelScript.script()
                .as("where")
                .shell("pwd")
                .as("again")
                .shell("ls {{$where}}/a")
                .expectLines("{{again}}", "one\nthree")
                .expectLines("{{again}}", "three\ntwo")
                .prompt());

        answer(input, "call_1_0_0", "Output:\n/tmp\n\n");
        assertThat(items(ask(input))).containsExactly("exec_command ls /tmp/a");
        answer(input, "call_1_1_0", "Output:\none\ntwo\nthree\n");
        assertThat(ask(input)).contains("expected the line two in its place in: one");
    }

    @Test
    void carriesOutStepsGivenInThePrompt() {
        ArrayNode input = conversation(
                "## Task\n\nDo exactly these steps.\nSay: I begin.\nRun: ls\nRun: pwd\nAnswer: Done.\nmore\n\n## Scope\nRun: no");

        assertThat(items(ask(input))).containsExactly("message I begin.", "exec_command ls");
        answer(input, "call_1_1_0", "Output:\na.txt");
        assertThat(items(ask(input))).containsExactly("exec_command pwd");
        answer(input, "call_1_2_0", "Output:\n/tmp");
        assertThat(items(ask(input))).containsExactly("message Done.\nmore");
    }

    @Test
    void repeatsACallUntilItsAnswerIsRight() {
        ArrayNode input = conversation("MODEL:until done=true mcp srv look {}\nMODEL:say seen");

        answer(input, "call_1_0_0", "Output:\n{\"done\":false}");
        assertThat(items(ask(input))).containsExactly("look {}");
        answer(input, "call_1_0_1", "Output:\n{\"done\":true}");
        assertThat(items(ask(input))).containsExactly("message seen");
    }

    @Test
    void fillsFieldsOfAnswersIntoArguments() {
        String prompt = ModelScript.script()
                .as("one")
                .mcp("srv", "spawn", Map.of("prompt", "x"))
                .mcp("srv", "wait", Map.of("jobIds", List.of("{{one.jobId}}"), "whole", "{{one.list}}", "n", 5))
                .prompt();
        ArrayNode input = conversation(prompt);
        answer(input, "call_1_0_0", "Wall time: 1 seconds\nOutput:\n{\"jobId\":\"abc\",\"list\":[1,2]}");

        String call = items(ask(input)).get(0);

        assertThat(call).startsWith("wait ").contains("\"jobIds\":[\"abc\"]", "\"whole\":[1,2]", "\"n\":5");
    }

    @Test
    void startsAnewWithEveryPrompt() {
        ArrayNode input = conversation("MODEL:sh ls\nMODEL:say one");
        answer(input, "call_1_0_0", "a.txt");
        input.addAll(conversation("MODEL:sh pwd"));

        assertThat(items(ask(input))).containsExactly("exec_command pwd");
    }

    @Test
    void putsParallelCallsIntoOneReply() {
        ArrayNode input = conversation("MODEL:sh ls\nMODEL:also sh pwd\nMODEL:sh id");

        assertThat(items(ask(input))).containsExactly("exec_command ls", "exec_command pwd");
    }

    @Test
    void saysWhatIsWrongWithAScript() {
        assertThat(ask(conversation("MODEL:say {{nobody.x}}"))).contains("nothing has answered under the label nobody");
        assertThat(ask(conversation("MODEL:expect [\"a\",\"b\"]"))).contains("expected b but got a");
        assertThat(ask(conversation("MODEL:mcp srv"))).contains("needs 3 words");
    }

    @Test
    void holdsRepliesUntilTheGateOpens() {
        List<CompletableFuture<String>> replies = IntStream.range(0, 40)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> ask(conversation("MODEL:gate g\nMODEL:say " + i))))
                .toList();
        model.gate("g").awaitArrivals(1);
        assertThat(items(ask(conversation("not held")))).containsExactly("message not held");

        model.gate("g").open();

        assertThat(replies).allSatisfy(reply -> assertThat(reply.join()).contains("response.completed"));
        assertThat(model.requests(request -> request.prompt().contains("gate"))).hasSize(40);
    }

    @Test
    void letsModelsMeet() {
        CompletableFuture<String> one = CompletableFuture.supplyAsync(() -> ask(conversation("MODEL:meet m 2")));
        model.gate("m").awaitArrivals(1);
        assertThat(one).isNotDone();

        ask(conversation("MODEL:meet m 2"));

        assertThat(one.join()).contains("response.completed");
    }

    @Test
    void hangsUpOnStalledRepliesWhenItCloses() {
        CompletableFuture<String> stalled =
                CompletableFuture.supplyAsync(() -> ask(conversation("MODEL:gate here\nMODEL:say x\nMODEL:stall")));
        model.gate("here").awaitArrivals(1);

        model.close();

        assertThatThrownBy(stalled::join).hasRootCauseInstanceOf(IOException.class);
    }

    private static ArrayNode conversation(String prompt) {
        ArrayNode input = TestJson.array();
        message(input, "<environment_context>\n</environment_context>");
        message(input, prompt);
        return input;
    }

    private static void message(ArrayNode input, String text) {
        ObjectNode message = input.addObject().put("type", "message").put("role", "user");
        message.putArray("content").addObject().put("type", "input_text").put("text", text);
    }

    private static void answer(ArrayNode input, String callId, String output) {
        input.addObject()
                .put("type", "function_call_output")
                .put("call_id", callId)
                .put("output", output);
    }

    private String ask(ArrayNode input) {
        ObjectNode body = TestJson.object().put("model", "any");
        body.set("input", input);
        HttpRequest request = HttpRequest.newBuilder(URI.create(model.baseUrl() + "/responses"))
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The items of a reply in short: the kind or name, and the text. */
    private static List<String> items(String reply) {
        return reply.lines()
                .filter(line -> line.startsWith("data: ") && line.contains("output_item.done"))
                .map(line -> TestJson.parse(line.substring("data: ".length())).path("item"))
                .map(ModelServerTest::inShort)
                .toList();
    }

    private static String inShort(JsonNode item) {
        return switch (item.path("type").asText()) {
            case "message" -> "message " + item.at("/content/0/text").asText();
            case "reasoning" -> "reasoning " + item.at("/summary/0/text").asText();
            default -> {
                JsonNode arguments = TestJson.parse(item.path("arguments").asText());
                yield item.path("name").asText() + " "
                        + (arguments.has("cmd") ? arguments.path("cmd").asText() : arguments.toString());
            }
        };
    }
}
