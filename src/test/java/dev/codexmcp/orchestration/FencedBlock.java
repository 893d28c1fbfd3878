package dev.codexmcp.orchestration;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.testkit.TestJson;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A fenced block of a document, following the conventions in the skill's index.
 *
 * @param where the document and line, for messages
 * @param language {@code sh}, {@code json}, {@code text}, …
 * @param attributes what follows the language: {@code tool}, {@code prompt}, {@code as}, {@code expect}
 */
record FencedBlock(String where, String language, Map<String, String> attributes, String body) {

    private static final Pattern FENCE =
            Pattern.compile("^```(\\w*)([^\\n]*)\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

    /** The blocks of a document, in order. */
    static List<FencedBlock> of(Path document) {
        String text = Skill.read(document);
        List<FencedBlock> blocks = new ArrayList<>();
        Matcher fence = FENCE.matcher(text);
        while (fence.find()) {
            long line = text.substring(0, fence.start()).lines().count() + 1;
            Map<String, String> attributes = new LinkedHashMap<>();
            for (String word : fence.group(2).strip().split("\\s+", -1)) {
                String[] pair = word.split("=", 2);
                if (!word.isEmpty()) {
                    attributes.put(pair[0], pair.length == 2 ? pair[1] : "");
                }
            }
            blocks.add(
                    new FencedBlock(document.getFileName() + ":" + line, fence.group(1), attributes, fence.group(3)));
        }
        return blocks;
    }

    boolean isShell() {
        return language.equals("sh");
    }

    Optional<String> tool() {
        return Optional.ofNullable(attributes.get("tool"));
    }

    boolean isPrompt() {
        return attributes.containsKey("prompt");
    }

    Optional<String> name() {
        return Optional.ofNullable(attributes.get("as"));
    }

    Optional<String> expected() {
        return Optional.ofNullable(attributes.get("expect"));
    }

    /** The body, which must be JSON. */
    JsonNode json() {
        return TestJson.tryParse(body).orElseThrow(() -> new AssertionError(where + " is not JSON: " + body));
    }

    /** The values of a block that fills the template. */
    Map<String, String> promptValues() {
        Map<String, String> values = new LinkedHashMap<>();
        json().properties()
                .forEach(field -> values.put(field.getKey(), field.getValue().asText()));
        return values;
    }

    @Override
    public String toString() {
        return where + " " + language + " " + attributes;
    }
}
