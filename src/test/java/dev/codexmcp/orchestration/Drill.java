package dev.codexmcp.orchestration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.codexmcp.prompts.DelegatePrompt;
import dev.codexmcp.testkit.ModelScript;
import dev.codexmcp.testkit.TestJson;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Turns a document into the script of a boss: its blocks become the boss's commands, calls and checks, exactly as
 * written. Values known only at run time (a job's id, a result) stay references in the script.
 */
final class Drill {

    private static final Pattern REFERENCE = Pattern.compile("\\{\\{(?<name>\\w+)(?:\\.(?<field>[\\w.]+))?}}");

    private final ModelScript script = ModelScript.script();
    private final Map<String, JsonNode> known = new HashMap<>();
    private final Set<String> shellAnswers = new HashSet<>();

    private Drill(Path skill) {
        known.put("skill", TextNode.valueOf(skill.toString()));
        Skill.defaults().forEach((name, value) -> known.put(name, IntNode.valueOf(value)));
    }

    /** @param skill the folder of the skill that the boss uses */
    static ModelScript script(Path document, Path skill) {
        Drill drill = new Drill(skill);
        List<FencedBlock> blocks = FencedBlock.of(document);
        blocks.forEach(drill::add);
        return drill.script;
    }

    private void add(FencedBlock block) {
        if (block.expected().isPresent()) {
            expect(block, block.expected().get());
        } else if (block.isPrompt()) {
            known.put(block.name().orElseThrow(), TextNode.valueOf(DelegatePrompt.fill(block.promptValues())));
        } else if (block.tool().isPresent()) {
            call(block, block.tool().get());
        } else if (block.isShell()) {
            shell(block);
        } else {
            throw new AssertionError("unknown kind of block: " + block);
        }
    }

    private void shell(FencedBlock block) {
        String directory = shellAnswers.contains("dir") ? "cd '{{$dir}}'\n" : "";
        block.name().ifPresent(name -> {
            script.as(name);
            shellAnswers.add(name);
        });
        script.shell("set -eu\n" + directory + fill(block.body()).strip());
    }

    private void call(FencedBlock block, String tool) {
        block.name().ifPresent(script::as);
        if (tool.equals("codex_wait_any") || tool.equals("codex_wait")) {
            script.until("timedOut", "false");
        }
        Map<String, Object> arguments = new HashMap<>();
        ((ObjectNode) fill(block.json()))
                .properties()
                .forEach(field -> arguments.put(field.getKey(), field.getValue()));
        script.mcp(BossFixture.SERVER, tool, arguments);
    }

    private void expect(FencedBlock block, String name) {
        if (block.language().equals("text")) {
            script.expectLines("{{" + name + "}}", fill(block.body()).strip());
        } else {
            block.json()
                    .properties()
                    .forEach(field -> script.expect(
                            "{{" + name + "." + field.getKey() + "}}",
                            fill(field.getValue()).asText()));
        }
    }

    private JsonNode fill(JsonNode tree) {
        if (tree.isTextual()) {
            Matcher whole = REFERENCE.matcher(tree.asText());
            JsonNode value = whole.matches() ? known.get(whole.group("name")) : null;
            return value == null ? TextNode.valueOf(fill(tree.asText())) : value;
        }
        if (tree.isArray()) {
            var filled = TestJson.array();
            tree.forEach(element -> filled.add(fill(element)));
            return filled;
        }
        if (tree.isObject()) {
            ObjectNode filled = TestJson.object();
            tree.properties().forEach(field -> filled.set(field.getKey(), fill(field.getValue())));
            return filled;
        }
        return tree;
    }

    private String fill(String text) {
        Matcher reference = REFERENCE.matcher(text);
        return reference.replaceAll(found -> {
            String name = reference.group("name");
            JsonNode value = known.get(name);
            String filled =
                    value != null ? value.asText() : shellAnswers.contains(name) ? "{{$" + name + "}}" : found.group();
            return Matcher.quoteReplacement(filled);
        });
    }
}
