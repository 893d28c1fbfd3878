package dev.codexmcp.e2e;

import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codexmcp.testkit.FakeCodex;
import dev.codexmcp.testkit.JobTools;
import dev.codexmcp.testkit.McpClient;
import dev.codexmcp.testkit.TestJson;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs without tools: resources, their updates, log messages, completion. */
class JobResourcesIT {
    /** Waits at the gate, or fails, if the prompt says so. */
    private static final String HOLDS = """
            for prompt; do :; done
            begin
            case $prompt in
            hold) pass_gate ;;
            fail) exit 3 ;;
            esac
            message "did it"
            complete
            """;

    @RegisterExtension
    private final EndToEndFixture bench = new EndToEndFixture();

    private FakeCodex fake;
    private McpClient client;
    private JobTools jobs;

    @BeforeEach
    void start() {
        fake = FakeCodex.program(bench.folder("codex"), "holds", HOLDS);
        client = bench.start(bench.server()
                .directory(bench.workspace())
                .environment(Map.of(
                        "CODEX_MCP_CODEX_BIN", fake.program().toAbsolutePath().toString())));
        jobs = new JobTools(client);
    }

    @AfterEach
    void close() {
        fake.close();
    }

    private String spawn(String prompt, String label) {
        return jobs.spawn(Map.of("prompt", prompt, "label", label));
    }

    private JsonNode request(String method, String params) {
        return client.request(method, TestJson.parse(params));
    }

    private static ObjectNode uri(String uri) {
        return TestJson.object().put("uri", uri);
    }

    private JsonNode read(String uri) {
        return client.request("resources/read", uri(uri))
                .path("result")
                .path("contents")
                .path(0);
    }

    private List<String> complete(String reference, String argument, String value) {
        ObjectNode params = TestJson.object();
        params.set("ref", TestJson.parse(reference));
        params.putObject("argument").put("name", argument).put("value", value);
        return JobTools.texts(client.request("completion/complete", params)
                .path("result")
                .path("completion")
                .path("values"));
    }

    private List<JsonNode> updates() {
        client.call("ping", Map.of());
        return client.notifications("notifications/resources/updated");
    }

    @Test
    void aJobHasItsResultAndItsEventsAsResources() {
        String job = spawn("go", "höh/e 1");
        jobs.awaitEnd(job);

        JsonNode templates =
                request("resources/templates/list", "{}").path("result").path("resourceTemplates");
        JsonNode events = read("codex-job://" + job + "/events");
        JsonNode page = TestJson.parse(events.path("text").asText());

        assertThat(templates.findValuesAsText("uriTemplate"))
                .containsExactly(
                        "codex-job://{jobId}/result", "codex-job://{jobId}/events", "codex-job://{jobId}/changes");
        assertThatJson(read("codex-job://" + job + "/result"))
                .isEqualTo("{uri:'codex-job://" + job + "/result',mimeType:'text/plain',text:'did it'}");
        assertThat(read("codex-job://h%C3%B6h%2Fe%201/result").path("text").asText())
                .isEqualTo("did it");
        assertThat(events.path("mimeType").asText()).isEqualTo("application/json");
        assertThat(page.path("done").asBoolean()).isTrue();
        assertThat(TestJson.parse(read("codex-job://" + job + "/events?cursor=2")
                                .path("text")
                                .asText())
                        .path("events")
                        .size())
                .isEqualTo(page.path("events").size() - 2);
    }

    @Test
    void itsChangesAreThoseThatTheToolShows() {
        String job = spawn("go", "c");
        jobs.awaitEnd(job);

        JsonNode changes = read("codex-job://" + job + "/changes");

        assertThat(changes.path("mimeType").asText()).isEqualTo("application/json");
        assertThat(changes.path("text").asText())
                .isEqualTo(client.call("codex_changes", Map.of("jobId", job)).text());
    }

    @Test
    void aToolThatIsLeftOutHasNoResource() {
        McpClient results =
                bench.start(bench.server().environment(Map.of("CODEX_MCP_TOOLS", "codex_spawn,codex_result")));

        assertThat(results.request("resources/templates/list", TestJson.object())
                        .path("result")
                        .path("resourceTemplates")
                        .findValuesAsText("name"))
                .containsExactly("job-result");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "codex-job://nobody/result",
                "codex-job://x",
                "codex-job://x/stdout",
                "codex-job://%ZZ/result",
                "file:///etc/passwd",
                ""
            })
    void unknownResourcesAreRefused(String uri) {
        assertThat(client.request("resources/read", uri(uri))
                        .path("error")
                        .path("code")
                        .asInt())
                .isEqualTo(-32002);
        assertThat(client.request("resources/subscribe", uri(uri))
                        .path("error")
                        .path("code")
                        .asInt())
                .isEqualTo(-32002);
    }

    @Test
    void aSubscriberIsNotifiedOnceOfTheEnd() {
        String job = spawn("hold", "held");
        String uri = "codex-job://" + job + "/result";
        client.request("resources/subscribe", uri(uri));
        client.request("resources/subscribe", uri(uri));
        client.request("resources/subscribe", uri("codex-job://held/events"));
        client.request("resources/unsubscribe", uri("codex-job://held/events"));
        List<JsonNode> before = updates();

        fake.gate().open();
        jobs.awaitEnd(job);
        client.awaitMessage(
                "update", message -> message.path("method").asText().equals("notifications/resources/updated"));

        assertThat(before).isEmpty();
        assertThat(updates()).hasSize(1);
        assertThatJson(updates().get(0).path("params")).isEqualTo("{uri:'" + uri + "'}");
    }

    @Test
    void aLateSubscriberIsNotifiedImmediately() {
        String job = spawn("go", "done");
        jobs.awaitEnd(job);

        client.request("resources/subscribe", uri("codex-job://" + job + "/result"));

        assertThat(updates()).hasSize(1);
    }

    @Test
    void aClientThatSetsALevelIsNotifiedOfEnds() {
        jobs.awaitEnd(spawn("go", "before"));
        client.call("ping", Map.of());
        List<JsonNode> before = client.notifications("notifications/message");
        assertThat(request("logging/setLevel", "{\"level\":\"loud\"}")
                        .path("error")
                        .path("code")
                        .asInt())
                .isEqualTo(-32602);
        request("logging/setLevel", "{\"level\":\"warning\"}");
        jobs.awaitEnd(spawn("go", "fine"));
        String failed = spawn("fail", "broken");
        JsonNode warning = client.awaitMessage(
                "warning", message -> message.path("method").asText().equals("notifications/message"));
        request("logging/setLevel", "{\"level\":\"debug\"}");
        spawn("go", "fine too");
        JsonNode info = client.awaitMessage(
                "info", message -> message.path("params").path("level").asText().equals("info"));

        assertThat(before).isEmpty();
        assertThatJson(warning.path("params")).isEqualTo("""
                {
                  level: 'warning',
                  logger: 'jobs',
                  data: {message: 'Job %s (broken) has ended: failed', jobId: '%s', label: 'broken', status: 'failed'}
                }""".formatted(failed, failed));
        assertThat(info.path("params").path("data").path("label").asText()).isEqualTo("fine too");
    }

    @Test
    void idsAndLabelsAreCompleted() {
        String first = spawn("go", "api");
        String second = spawn("go", "api tests");
        String template = "{\"type\":\"ref/resource\",\"uri\":\"codex-job://{jobId}/result\"}";

        assertThat(complete(template, "jobId", "")).containsExactly(second, first, "api tests", "api");
        assertThat(complete(template, "jobId", first.substring(0, 12))).containsExactly(first);
        assertThat(complete(template, "jobId", "API t")).containsExactly("api tests");
        assertThat(complete(template, "other", "")).isEmpty();
    }

    @Test
    void thePromptsArgumentsAreCompleted() throws IOException {
        Files.createDirectories(bench.workspace().resolve("src/main"));
        Files.createFile(bench.workspace().resolve("src/mod.rs"));
        Files.createFile(bench.workspace().resolve("src/.hidden"));
        spawn("go", "docs");
        String prompt = "{\"type\":\"ref/prompt\",\"name\":\"delegate\"}";

        assertThat(complete(prompt, "label", "d")).containsExactly("docs");
        assertThat(complete(prompt, "scope", "src/m")).containsExactly("src/main/", "src/mod.rs");
        assertThat(complete(prompt, "scope", "README.md\nsrc/mo")).containsExactly("README.md\nsrc/mod.rs");
        assertThat(complete(prompt, "scope", "src/")).containsExactly("src/main/", "src/mod.rs");
        assertThat(complete(prompt, "scope", "nowhere/\0")).isEmpty();
        assertThat(complete(prompt, "constraints", "add")).containsExactly("Add no dependency.");
        assertThat(complete(prompt, "objective", "")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"type":"ref/prompt","name":"no"}               | {"name":"x","value":""}
            {"type":"ref/resource","uri":"codex-job://{x}"} | {"name":"jobId","value":""}
            {"type":"ref/resource"}                         | {"name":"jobId","value":""}
            {"type":"ref/prompt","name":"delegate"}         | {"value":""}
            {"type":"ref/prompt","name":"delegate"}         | 5
            7                                               | {"name":"x","value":""}
            """)
    void otherCompletionsAreRefused(String reference, String argument) {
        assertThat(request("completion/complete", "{\"ref\":" + reference + ",\"argument\":" + argument + "}")
                        .path("error")
                        .path("code")
                        .asInt())
                .isEqualTo(-32602);
    }

    @Test
    void aListenerOfMcp20260728GetsItsUpdatesUnderItsId() {
        String meta =
                "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":{}}";
        String job = spawn("hold", "held");
        String uri = "codex-job://" + job + "/result";
        client.send("{\"jsonrpc\":\"2.0\",\"id\":\"listens\",\"method\":\"subscriptions/listen\",\"params\":{"
                + "\"notifications\":{\"toolsListChanged\":true,\"resourceSubscriptions\":[\"" + uri + "\",\"x://y\"]},"
                + meta + "}}");
        client.send("{\"jsonrpc\":\"2.0\",\"id\":77,\"method\":\"subscriptions/listen\",\"params\":{"
                + "\"notifications\":{\"resourceSubscriptions\":[\"" + uri + "\"]}," + meta + "}}");
        client.notify("notifications/cancelled", TestJson.object().put("requestId", 77));
        client.call("ping", Map.of());
        fake.gate().open();
        jobs.awaitEnd(job);
        JsonNode update = client.awaitMessage(
                "update", message -> message.path("method").asText().equals("notifications/resources/updated"));

        assertThatJson(client.notifications("notifications/subscriptions/acknowledged")
                        .get(0)
                        .path("params"))
                .isEqualTo("{\"_meta\":{\"io.modelcontextprotocol/subscriptionId\":\"listens\"},"
                        + "\"notifications\":{\"resourceSubscriptions\":[\"" + uri + "\"]}}");
        assertThatJson(update.path("params"))
                .isEqualTo(
                        "{\"_meta\":{\"io.modelcontextprotocol/subscriptionId\":\"listens\"},\"uri\":\"" + uri + "\"}");
        assertThat(updates()).hasSize(1);
        assertThat(request("subscriptions/listen", "{}")
                        .path("error")
                        .path("code")
                        .asInt())
                .isEqualTo(-32601);
    }
}
