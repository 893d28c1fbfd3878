package dev.codexmcp.tool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codexmcp.codex.CodexCli;
import dev.codexmcp.codex.Sandbox;
import dev.codexmcp.job.JobEngine;
import dev.codexmcp.json.Json;
import dev.codexmcp.tool.schema.Parameter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The answer to {@code tools/list}. */
class ToolsListTest {
    private static final Path RECORDED = Path.of("src/test/resources/tools-list.json");
    private static final ObjectMapper JSON = new ObjectMapper();

    static Stream<JsonNode> tools() {
        List<JsonNode> tools = new ArrayList<>();
        list().path("tools").forEach(tools::add);
        return tools.stream();
    }

    /** The recorded list, so that reviews show every change. */
    /** Readers in strict mode take neither an object that may hold anything for one that holds nothing, nor a list of types. */
    @Test
    void strictReadersTakeEverySchemaButThatOfAnyObject() {
        tools().forEach(tool -> {
            JsonNode input = tool.path("inputSchema");
            assertThat(input.path("properties").isEmpty())
                    .isEqualTo(input.path("additionalProperties").isBoolean());
            assertThat(tool.findValues("type")).noneMatch(JsonNode::isArray);
        });
    }

    @Test
    void theListIsAsRecorded() throws IOException {
        String now = list().toPrettyString() + "\n";
        if (Boolean.getBoolean("codexmcp.record")) {
            Files.writeString(RECORDED, now);
        }

        assertThat(now)
                .as("The list of tools has changed. If that is intended, record it again and review the difference:"
                        + " ./mvnw test -Dtest=ToolsListTest -Dcodexmcp.record=true && git diff " + RECORDED)
                .isEqualTo(Files.readString(RECORDED));
    }

    /** The contract with clients: names of arguments, with a ! if required, and annotations. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "codex_spawn       | prompt! model reasoningEffort sandbox fullAuto workingDirectory label queue priority dependsOn maxRunMs maxIdleMs maxTokens retries launcher "
                        + "writes isolation images addDirs profile outputSchema network webSearch mcpServers | F T F T",
                "codex_spawn_group | jobs! defaults includeHandshake handshakeMaxEvents | F T F T",
                "codex_list        | status label since limit mine | T F F F",
                "codex_status      | jobId! | T F T F",
                "codex_events      | jobId! cursor maxEvents maxBytes types | T F F F",
                "codex_wait        | jobIds label since count wakeOnAttention includeMessages timeoutMs maxBytes | T F F F",
                "codex_wait_any    | jobIds! timeoutMs | T F F F",
                "codex_result      | jobId! view cursor maxBytes | T F T F",
                "codex_changes     | jobId label view path cursor maxBytes | T F T F",
                "codex_restore     | jobId! paths dryRun | F T T F",
                "codex_worktree    | jobId! action! dryRun | F T F F",
                "codex_cancel      | jobId jobIds label force | F T F F",
                "codex_followup    | jobId threadId prompt! fork | F T F T",
                "codex_interrupt   | jobId! newPrompt! waitMs includeEventTail tailMaxEvents keepContext overrides | F T F T",
                "codex             | prompt! sessionId resetSession model reasoningEffort sandbox fullAuto workingDirectory callbackUri | F T F T",
                "review            | prompt uncommitted base commit title model workingDirectory | T F T T",
                "websearch         | query! numResults searchDepth | T F T T",
                "listSessions      | | T F T F",
                "ping              | message | T F T F",
                "help              | topic | T F T F",
            })
    void aToolHasTheArgumentsAndAnnotationsOfTheContract(String name, String arguments, String hints) {
        JsonNode tool = tools().filter(each -> each.path("name").textValue().equals(name))
                .findFirst()
                .orElseThrow();
        JsonNode schema = tool.path("inputSchema");
        Set<String> required = Set.copyOf(texts(schema.path("required")));
        String[] words = hints.split(" ");

        assertThat(schema.path("properties")
                        .propertyStream()
                        .map(field -> field.getKey() + (required.contains(field.getKey()) ? "!" : "")))
                .containsExactlyInAnyOrder(arguments == null ? new String[0] : arguments.split(" "));
        assertThat(tool.path("annotations"))
                .isEqualTo(JSON.createObjectNode()
                        .put("title", tool.path("title").textValue())
                        .put("readOnlyHint", words[0].equals("T"))
                        .put("destructiveHint", words[1].equals("T"))
                        .put("idempotentHint", words[2].equals("T"))
                        .put("openWorldHint", words[3].equals("T")));
    }

    @Test
    void thereAreTheContractsTools() {
        assertThat(tools().map(tool -> tool.path("name").textValue()))
                .hasSize(20)
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "codex_spawn | sandbox | {\"type\":\"string\",\"enum\":[\"read-only\",\"workspace-write\",\"danger-full-access\"]}",
                "codex_spawn | prompt | {\"type\":\"string\"}",
                "codex_spawn | fullAuto | {\"type\":\"boolean\"}",
                "codex_spawn_group | handshakeMaxEvents | {\"type\":\"integer\",\"minimum\":1,\"default\":25}",
                "codex_events | cursor | {\"type\":\"string\"}",
                "codex_events | maxEvents | {\"type\":\"integer\",\"minimum\":1,\"maximum\":2000,\"default\":200}",
                "codex_events | maxBytes | {\"type\":\"integer\",\"minimum\":1}",
                "codex_events | types | {\"type\":\"array\",\"items\":{\"type\":\"string\",\"enum\":[\"message\",\"progress\",\"tool_call\",\"tool_result\",\"error\",\"final\"]}}",
                "codex_wait_any | jobIds | {\"type\":\"array\",\"items\":{\"type\":\"string\"},\"minItems\":1}",
                "codex_wait_any | timeoutMs | {\"type\":\"integer\",\"minimum\":0,\"maximum\":300000,\"default\":0}",
                "codex_list | limit | {\"type\":\"integer\",\"minimum\":1,\"maximum\":500,\"default\":50}",
                "codex_wait | timeoutMs | {\"type\":\"integer\",\"minimum\":0,\"maximum\":300000,\"default\":45000}",
                "codex_result | view | {\"type\":\"string\",\"enum\":[\"finalMessage\",\"full\"]}",
                "codex_interrupt | waitMs | {\"type\":\"integer\",\"minimum\":0,\"maximum\":60000,\"default\":250}",
                "codex_interrupt | tailMaxEvents | {\"type\":\"integer\",\"minimum\":1,\"default\":25}",
                "websearch | numResults | {\"type\":\"integer\",\"minimum\":1,\"maximum\":50,\"default\":10}",
                "websearch | searchDepth | {\"type\":\"string\",\"enum\":[\"basic\",\"full\"]}",
            })
    void anArgumentHasTheTypeAndRangeOfTheContract(String tool, String argument, String schema) throws IOException {
        JsonNode found = tools().filter(each -> each.path("name").textValue().equals(tool))
                .map(each -> each.path("inputSchema").path("properties").path(argument))
                .findFirst()
                .orElseThrow();

        ObjectNode bare = found.deepCopy();
        bare.remove("description");
        assertThat(bare).isEqualTo(JSON.readTree(schema));
    }

    /** Models read every schema in every turn: what one tool describes, others only name. */
    @ParameterizedTest
    @MethodSource("tools")
    void anArgumentIsDescribedUnlessCodexSpawnDescribesIt(JsonNode tool) {
        List<String> described =
                WorkerParameters.ALL.stream().map(Parameter::name).toList();
        boolean spawn = tool.path("name").asText().equals("codex_spawn");

        tool.path("inputSchema")
                .path("properties")
                .propertyStream()
                .forEach(argument -> assertThat(argument.getValue().has("description")
                                || (!spawn && described.contains(argument.getKey())))
                        .as(argument.getKey())
                        .isTrue());
    }

    @ParameterizedTest
    @MethodSource("tools")
    void everySchemaIsValidJsonSchema(JsonNode tool) {
        assertThat(tool.path("name").asText()).matches("[a-zA-Z_]{1,64}");
        assertThat(tool.path("title").asText()).isNotBlank();
        assertThat(tool.path("description").asText()).isNotBlank();
        assertThat(tool.path("inputSchema").path("type").asText()).isEqualTo("object");
        checkObject(tool.path("inputSchema"), tool.path("name").asText());
        if (tool.has("outputSchema")) {
            assertThat(tool.path("outputSchema").path("type").asText()).isEqualTo("object");
            checkObject(tool.path("outputSchema"), tool.path("name").asText());
        }
    }

    private static void checkObject(JsonNode schema, String path) {
        assertThat(keys(schema))
                .as(path)
                .isSubsetOf("type", "properties", "required", "description", "additionalProperties");
        assertThat(schema.path("properties").isObject()).as(path).isTrue();
        assertThat(keys(schema.path("properties"))).as(path).containsAll(texts(schema.path("required")));
        schema.path("properties").propertyStream().forEach(property -> {
            assertThat(property.getValue().path("description").asText("absent"))
                    .as(path)
                    .isNotBlank();
            checkValue(property.getValue(), path + "." + property.getKey());
        });
    }

    private static void checkValue(JsonNode schema, String path) {
        Map<String, List<String>> members = Map.of(
                "string", List.of("enum"),
                "boolean", List.of(),
                "null", List.of(),
                "integer", List.of("minimum", "maximum", "default"),
                "array", List.of("items", "minItems"),
                "object", List.of("properties", "required"));
        if (schema.has("anyOf")) {
            assertThat(keys(schema)).as(path).isSubsetOf("anyOf", "description");
            schema.path("anyOf").forEach(each -> checkValue(each, path));
            return;
        }
        assertThat(schema.path("type").isTextual())
                .as(path + " has one type: strict readers take no list")
                .isTrue();
        String type = schema.path("type").asText();
        assertThat(members).as(path).containsKey(type);
        List<String> allowed = new ArrayList<>(List.of("type", "description"));
        allowed.addAll(members.getOrDefault(type, List.of()));

        assertThat(keys(schema)).as(path).isSubsetOf(allowed);
        assertThat(texts(schema.path("enum"))).as(path).doesNotHaveDuplicates();
        assertThat(schema.path("minimum").asLong())
                .as(path)
                .isLessThanOrEqualTo(schema.path("maximum").asLong(Long.MAX_VALUE));
        if (type.equals("array")) {
            checkValue(schema.path("items"), path + "[]");
        }
        if (type.equals("object")) {
            checkObject(schema, path);
        }
    }

    private static List<String> keys(JsonNode object) {
        return object.propertyStream().map(Map.Entry::getKey).toList();
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private static JsonNode list() {
        JobEngine jobs = JobEngine.of(new CodexCli(Optional.empty(), ""), 1);
        byte[] list = Json.bytes(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("tools");
            for (Tool tool : new ToolCatalog(
                            jobs.registry(),
                            jobs.scheduler(),
                            jobs.changes(),
                            jobs.timer(),
                            Sandbox.WORKSPACE_WRITE,
                            Runnable::run)
                    .all()) {
                tool.spec().writeTo(json);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
        try {
            return JSON.readTree(new String(list, UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
