package dev.codexmcp.orchestration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.codexmcp.prompts.DelegatePrompt;
import dev.codexmcp.testkit.TestJson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The texts of the orchestration kit: their instructions to agents work as written. */
class DocsTest {

    private static final Pattern REFERENCE = Pattern.compile("\\{\\{(\\w+)(\\.\\w+)?}}");
    private static final Pattern LINK = Pattern.compile("\\[[^]]*]\\((?<target>[^)#]*)(?:#[^)]*)?\\)");
    private static final Pattern TOOL_NAME = Pattern.compile("`(codex_\\w+)");
    private static final Set<String> ATTRIBUTES = Set.of("tool", "prompt", "as", "expect");

    @TempDir
    Path folder;

    static Stream<Path> documents() {
        return Skill.documents().stream();
    }

    @Test
    void thePromptContractHasExactlyTheNamedPlaceholders() {
        assertThat(Skill.placeholders()).isEqualTo(Skill.PLACEHOLDERS);
        assertThat(DelegatePrompt.ARGUMENTS.stream().map(DelegatePrompt.Argument::name))
                .isEqualTo(Skill.PLACEHOLDERS);
        // The runbook explains each of them.
        assertThat(Skill.PLACEHOLDERS)
                .allSatisfy(name -> assertThat(Skill.read(Skill.RUNBOOK)).contains("| `" + name + "` |"));
    }

    @Test
    void thePromptContractForbidsDelegation() {
        String prompt = DelegatePrompt.fill(Map.of("objective", "o", "label", "l", "task", "t"));

        assertThat(prompt)
                .startsWith("You are a worker:")
                .contains("Delegate nothing: call no `codex_*` tool, start no other agent")
                .contains("no commit, branch, stash, reset, checkout, merge or rebase")
                .endsWith("modifiedFiles:\n(none)\n");
    }

    @Test
    void theServerFillsTheTemplateOfTheSkill() {
        Map<String, String> values = new HashMap<>();
        Skill.PLACEHOLDERS.forEach(name -> values.put(name, "the " + name + " with {{task}} and $1"));

        assertThat(DelegatePrompt.fill(values)).isEqualTo(Skill.delegate(values));
    }

    @Test
    void theNumbersOfTheProtocolAppearOnce() {
        Map<String, Integer> defaults = Skill.defaults();
        List<String> twice = new ArrayList<>();
        for (Path document : Skill.markdownBelow(Skill.ROOT)) {
            String text = Skill.read(document);
            defaults.forEach((name, value) -> {
                // The name followed by a number; or the number alone, if it is unmistakable.
                String named = "`?" + name + "`?\\s*(?:\\||=|:|\\(|is|of)\\s*`?\\d";
                String alone = value >= 1000 ? "|(?<![\\d.])" + value + "(?![\\d.])" : "";
                long found =
                        Pattern.compile(named + alone).matcher(text).results().count();
                if (found > (document.equals(Skill.RUNBOOK) ? 1 : 0)) {
                    twice.add(name + " in " + Skill.ROOT.relativize(document));
                }
            });
        }

        assertThat(defaults.keySet())
                .containsExactly(
                        "K_read",
                        "K_write",
                        "K_collide",
                        "N_look",
                        "T_wait",
                        "T_wait_max",
                        "T_quiet",
                        "T_cancel",
                        "N_retry");
        assertThat(twice).isEmpty();
    }

    @Test
    void namedNumbersMatchTheRunbook() {
        Pattern name = Pattern.compile("\\b[KNT]_[a-z_]+\\b");

        assertThat(Skill.documents())
                .allSatisfy(document -> assertThat(
                                name.matcher(Skill.read(document)).results().map(found -> found.group()))
                        .isSubsetOf(Skill.defaults().keySet()));
    }

    @ParameterizedTest
    @MethodSource("documents")
    void everyToolCallMatchesTheSchemaOfItsTool(Path document) {
        ToolSchemas schemas = new ToolSchemas();

        for (FencedBlock block : FencedBlock.of(document)) {
            assertThat(block.attributes().keySet()).as(block.toString()).isSubsetOf(ATTRIBUTES);
            assertThat(block.language()).as(block.toString()).isIn("sh", "json", "text");
            block.tool()
                    .ifPresent(tool -> assertThat(schemas.complaints(tool, sample(block.json())))
                            .as(block.toString())
                            .isEmpty());
            if (block.isPrompt()) {
                assertThat(block.promptValues().keySet())
                        .as(block.toString())
                        .containsExactlyElementsOf(Skill.PLACEHOLDERS);
            }
        }
        Set<String> named = new HashSet<>();
        TOOL_NAME.matcher(Skill.read(document)).results().forEach(found -> named.add(found.group(1)));
        named.remove("codex_"); // codex_*: all of them
        assertThat(schemas.names()).containsAll(named);
    }

    @Test
    void theQuickReferenceNamesEveryToolForJobs() {
        List<String> jobTools = new ToolSchemas()
                .names().stream().filter(name -> name.startsWith("codex_")).toList();

        assertThat(jobTools)
                .hasSize(14)
                .allSatisfy(
                        name -> assertThat(Skill.read(Skill.QUICK_REFERENCE)).contains("| `" + name + "` |"));
    }

    @Test
    void aCallThatTheServerWouldRefuseIsDetected() {
        ToolSchemas schemas = new ToolSchemas();

        assertThat(schemas.complaints("codex_wait_any", TestJson.parse("{\"jobIds\":[],\"timeoutMs\":300001,\"x\":1}")))
                .hasSize(3);
        assertThat(schemas.complaints("codex_spawn", TestJson.parse("{\"sandbox\":\"none\"}")))
                .hasSize(2);
        assertThat(schemas.complaints("codex_run", TestJson.object())).hasSize(1);
    }

    /** ToyDrillsIT runs the drills, with workers. */
    @ParameterizedTest
    @MethodSource("documents")
    void everyShellBlockRuns(Path document) throws Exception {
        if (document.equals(Skill.DRILLS)) {
            return;
        }
        ScratchRepository repository = new ScratchRepository(folder);
        repository.write("list.txt", "as recorded\n");
        Map<String, String> values = new HashMap<>(Map.of("skill", "'" + Skill.FOLDER + "'", "paths", "list.txt"));

        for (FencedBlock block :
                FencedBlock.of(document).stream().filter(FencedBlock::isShell).toList()) {
            String command = REFERENCE.matcher(block.body()).replaceAll(found -> {
                assertThat(values).as(block.toString()).containsKey(found.group(1));
                return Matcher.quoteReplacement(values.getOrDefault(found.group(1), ""));
            });
            String answer = repository.sh(command);
            block.name().ifPresent(name -> values.put(name, answer));
            if (command.contains("save")) {
                repository.write("list.txt", "as a worker left it\n");
            }
        }

        if (values.containsKey("base")) {
            assertThat(repository.read("list.txt")).isEqualTo("as recorded\n");
        }
    }

    @Test
    void theSkillLinksToItselfOnly() {
        for (Path document : Skill.documents()) {
            Matcher link = LINK.matcher(Skill.read(document));
            while (link.find()) {
                Path target = document.resolveSibling(link.group("target")).normalize();
                boolean within =
                        link.group("target").isEmpty() || (target.startsWith(Skill.FOLDER) && Files.exists(target));
                assertThat(within)
                        .as(document.getFileName() + ": " + link.group())
                        .isTrue();
            }
            assertThat(Skill.read(document)).doesNotContain("docs/reference", "openspec", "src/main", "./mvnw");
        }
    }

    /** A call with its references filled in. */
    private static JsonNode sample(JsonNode tree) {
        if (tree.isTextual()) {
            Matcher whole = REFERENCE.matcher(tree.asText());
            Integer number = whole.matches() ? Skill.defaults().get(whole.group(1)) : null;
            return number == null ? TextNode.valueOf("some text") : IntNode.valueOf(number);
        }
        if (tree.isArray()) {
            var filled = TestJson.array();
            tree.forEach(element -> filled.add(plainText(element) ? element : sample(element)));
            return filled;
        }
        if (tree.isObject()) {
            ObjectNode filled = TestJson.object();
            tree.properties()
                    .forEach(field -> filled.set(
                            field.getKey(), plainText(field.getValue()) ? field.getValue() : sample(field.getValue())));
            return filled;
        }
        return tree;
    }

    private static boolean plainText(JsonNode node) {
        return node.isTextual() && !REFERENCE.matcher(node.asText()).find();
    }
}
