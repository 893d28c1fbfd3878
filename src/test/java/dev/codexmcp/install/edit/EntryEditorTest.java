package dev.codexmcp.install.edit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The editor refuses any result that changes more than the entry. */
class EntryEditorTest {
    private static final Path FILE = Path.of("mcp.json");
    private static final List<String> PATH = List.of("servers", "ours");

    /** A format whose every edit yields a given text. */
    private record Careless(String result) implements ConfigFormat {
        @Override
        public ObjectNode parse(String text) throws SyntaxException {
            return JSON.parse(text);
        }

        @Override
        public String put(String text, List<String> path, ObjectNode target) {
            return result;
        }

        @Override
        public String remove(String text, List<String> path) {
            return result;
        }

        @Override
        public String removeIfBlank(String text, List<String> path) {
            return result;
        }

        @Override
        public String snippet(List<String> path, ObjectNode entry) {
            return JSON.snippet(path, entry);
        }
    }

    private static final ObjectNode ENTRY =
            JsonNodeFactory.instance.objectNode().put("command", "x");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\": 2, \"servers\": {\"ours\": {\"command\": \"x\"}}}",
                "{\"servers\": {\"ours\": {\"command\": \"x\"}}}",
                "{\"a\": 1, \"servers\": {\"ours\": {\"command\": \"x\"}, \"other\": {}}}",
                "{\"a\": 1, \"servers\": {\"ours\": {\"command\": \"y\"}}}",
                "{\"a\": 1, \"servers\": {}}",
                "{\"a\": 1, \"servers\": {\"ours\": {\"command\": \"x\"}}",
                "",
            })
    void refusesAResultThatDiffersInMoreThanTheEntry(String result) {
        EntryEditor editor = new EntryEditor(new Careless(result), FILE, PATH);

        assertThatThrownBy(() -> editor.put("{\"a\": 1}", ENTRY))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("mcp.json")
                .hasMessageContaining("stays unchanged")
                .hasMessageContaining("\"ours\": {\n      \"command\": \"x\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"a\": 1, \"servers\": {\"ours\": {}}}", "{\"a\": 1.0}", "{\"a\": 1"})
    void refusesARemovalOfSomethingElse(String result) {
        EntryEditor editor = new EntryEditor(new Careless(result), FILE, PATH);

        assertThatThrownBy(() -> editor.remove("{\"a\": 1, \"servers\": {\"ours\": {\"command\": \"x\"}}}"))
                .isInstanceOf(RefusedException.class);
    }

    @Test
    void acceptsAResultThatOnlyLooksDifferent() {
        String result = "{ \"servers\": { \"ours\": {\"command\":\"x\"} }, // moved\n \"a\": 1, }";

        assertThat(new EntryEditor(new Careless(result), FILE, PATH).put("{\"a\": 1}", ENTRY))
                .isEqualTo(result);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \n", "{}", "{\"servers\": {\"ours\": {}}}", "{\n // nothing\n}"})
    void addsTheEntryToAFileWithoutOthers(String text) {
        EntryEditor editor = new EntryEditor(ConfigFormat.JSON, FILE, PATH);

        assertThat(editor.entry(editor.put(text, ENTRY))).contains(ENTRY);
    }

    @Test
    void quotesNamesWithSpecialCharacters() {
        List<String> path = List.of("mcp_servers", "a.b \"c\"\u007f");
        for (ConfigFormat format : List.of(ConfigFormat.JSON, ConfigFormat.TOML)) {
            EntryEditor editor = new EntryEditor(format, FILE, path);
            ObjectNode entry =
                    JsonNodeFactory.instance.objectNode().put("command", "\\ \"\u0001\u00e4\ud83d\ude00\u007f'");
            entry.putObject("env").putObject("x.y").putArray("z").add(true).add("\n");

            String text = editor.put("", entry);

            assertThat(editor.entry(text)).contains(entry);
            assertThat(editor.remove(text)).doesNotContain("command");
        }
    }
}
