package dev.codexmcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.codex.CodexCli;
import dev.codexmcp.codex.Sandbox;
import dev.codexmcp.job.JobEngine;
import dev.codexmcp.prompts.DelegatePrompt;
import dev.codexmcp.prompts.Runbook;
import dev.codexmcp.testkit.TestJson;
import dev.codexmcp.tool.Tool;
import dev.codexmcp.tool.ToolCatalog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code docs/tools.md} and the README's table of tools match what the server lists. */
class ToolsDocTest {
    private static final Path PAGE = Path.of("docs/tools.md");
    private static final Path README = Path.of("README.md");

    private static final Pattern SECTION =
            Pattern.compile("^## (\\S+)\\n(.*?)(?=^## |\\z)", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern ARGUMENT =
            Pattern.compile("^\\| `(\\w+)` \\| (.+?) \\| (.+?) \\| .+ \\|$", Pattern.MULTILINE);
    private static final Pattern PROMPT_ROW = Pattern.compile("^\\| `(\\w+)` \\| (yes|no) \\|", Pattern.MULTILINE);
    private static final Pattern README_ROW = Pattern.compile("^\\| `(\\w+)` \\|", Pattern.MULTILINE);
    private static final Pattern HINTS = Pattern.compile("Hints: (yes|no), (yes|no), (yes|no), (yes|no)\\.");
    private static final Pattern JSON_BLOCK =
            Pattern.compile("^```json\\n(.*?)\\n```$", Pattern.MULTILINE | Pattern.DOTALL);

    /** An argument as described by the page or the schema. */
    private record Argument(String name, String type, boolean required, Optional<String> byDefault) {}

    static List<Tool> tools() {
        JobEngine jobs = JobEngine.of(new CodexCli(Optional.empty(), ""), 1);
        return new ToolCatalog(
                        jobs.registry(),
                        jobs.scheduler(),
                        jobs.changes(),
                        jobs.timer(),
                        Sandbox.WORKSPACE_WRITE,
                        Runnable::run)
                .all();
    }

    @Test
    void thePageDescribesEveryToolInListOrder() throws IOException {
        List<String> names = tools().stream().map(tool -> tool.spec().name()).toList();

        assertThat(sections().keySet().stream().limit(names.size())).containsExactlyElementsOf(names);
    }

    @Test
    void theReadmeTableNamesEveryTool() throws IOException {
        String readme = Files.readString(README);
        int from = readme.indexOf("## Tools");
        int to = readme.indexOf("\n## ", from + 1);

        assertThat(README_ROW.matcher(readme.substring(from, to)).results().map(row -> row.group(1)))
                .containsExactlyElementsOf(
                        tools().stream().map(tool -> tool.spec().name()).toList());
    }

    @ParameterizedTest
    @MethodSource("tools")
    void theTableOfAToolListsItsArguments(Tool tool) throws IOException {
        JsonNode schema = listed(tool).path("inputSchema");
        String section = section(tool);
        List<Argument> described = ARGUMENT.matcher(section)
                .results()
                .map(row -> argument(row, schema.at("/properties/" + row.group(1))))
                .toList();

        assertThat(described).isEqualTo(arguments(schema));
        if (described.isEmpty()) {
            assertThat(section).contains("No arguments.");
        }
    }

    @ParameterizedTest
    @MethodSource("tools")
    void theHintsOfAToolMatchItsAnnotations(Tool tool) throws IOException {
        JsonNode annotations = listed(tool).path("annotations");
        List<String> listed = new ArrayList<>();
        for (String hint : List.of("readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint")) {
            listed.add(annotations.path(hint).asBoolean() ? "yes" : "no");
        }

        assertThat(HINTS.matcher(section(tool)).results().map(MatchResult::group))
                .containsExactly("Hints: " + String.join(", ", listed) + ".");
    }

    @ParameterizedTest
    @MethodSource("tools")
    void theResultsShownAreCompactJson(Tool tool) throws IOException {
        List<String> blocks = JSON_BLOCK
                .matcher(section(tool))
                .results()
                .map(block -> block.group(1))
                .toList();

        assertThat(blocks)
                .allSatisfy(block ->
                        assertThat(TestJson.print(TestJson.parse(block))).isEqualTo(block));
    }

    @Test
    void thePromptTableListsItsArguments() throws IOException {
        String page = Files.readString(PAGE);
        String section = page.substring(page.indexOf("## Prompt and resource"));

        assertThat(PROMPT_ROW.matcher(section).results().map(row -> row.group(1) + " " + row.group(2)))
                .containsExactlyElementsOf(DelegatePrompt.ARGUMENTS.stream()
                        .map(argument -> argument.name() + (argument.required() ? " yes" : " no"))
                        .toList());
        assertThat(section).contains("`" + DelegatePrompt.NAME + "`", "`" + Runbook.URI + "`");
    }

    /** A row of the page. Its default is compared only if the schema has one. */
    private static Argument argument(MatchResult row, JsonNode property) {
        String type = row.group(2);
        String named = property.path("type").asText();
        String byDefault = row.group(3);
        return new Argument(
                row.group(1),
                type.matches(Pattern.quote(named) + "\\b.*") ? named : type,
                byDefault.equals("required"),
                property.has("default") ? Optional.of(byDefault) : Optional.empty());
    }

    private static List<Argument> arguments(JsonNode schema) {
        List<String> required = new ArrayList<>();
        schema.path("required").forEach(name -> required.add(name.asText()));
        return schema.path("properties").properties().stream()
                .map(property -> new Argument(
                        property.getKey(),
                        property.getValue().path("type").asText(),
                        required.contains(property.getKey()),
                        Optional.ofNullable(property.getValue().get("default")).map(JsonNode::asText)))
                .toList();
    }

    private static JsonNode listed(Tool tool) {
        byte[] json = dev.codexmcp.json.Json.bytes(tool.spec()::writeTo);
        return TestJson.parse(new String(json, StandardCharsets.UTF_8));
    }

    private static String section(Tool tool) throws IOException {
        return Objects.requireNonNull(
                sections().get(tool.spec().name()), tool.spec().name());
    }

    private static Map<String, String> sections() throws IOException {
        Map<String, String> sections = new LinkedHashMap<>();
        SECTION.matcher(Files.readString(PAGE))
                .results()
                .forEach(match -> sections.put(match.group(1), match.group(2)));
        return sections;
    }
}
