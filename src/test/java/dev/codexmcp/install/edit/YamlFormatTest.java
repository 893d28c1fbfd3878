package dev.codexmcp.install.edit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codexmcp.testkit.TestJson;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Entries in a list of a YAML file. */
class YamlFormatTest {
    private static final EntryEditor EDITOR =
            new EntryEditor(ConfigFormat.yaml(), Path.of("config.yaml"), List.of("mcpServers", "ours"));

    private static ObjectNode entry() {
        return (ObjectNode)
                TestJson.parse("{\"command\":\"/a b/\u00e9\",\"args\":[],\"env\":{\"A\":\"1\",\"B_C\":\"x: #\"}}");
    }

    @Test
    void appendsAnElementInTheStyleOfTheList() {
        String text = """
                # mine
                name: Config
                mcpServers:   # servers
                    - name: other
                      command: x   # mine too
                      env:
                        K: |
                            # text
                            - more

                models: [a, 'b']   # kept
                """;

        assertThat(EDITOR.put(text, entry())).isEqualTo(text.replace("\n\nmodels", """

                    - name: "ours"
                      command: "/a b/\u00e9"
                      args: []
                      env: {"A": "1", "B_C": "x: #"}

                models"""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "# only a comment\n",
                "name: x",
                "name: x\n",
                "\uFEFFname: x\n",
                "---\nname: x\n",
                "name: x\r\nmodels:\r\n- a\r\n",
                "mcpServers:\n",
                "mcpServers:",
                "mcpServers: # none yet\nname: x\n",
                "mcpServers: []\nname: x\n",
                "mcpServers: null # none\n",
                "mcpServers:\n- name: a\n- name: b\n",
                "mcpServers:\n- name: a\n- name: b",
                "mcpServers:\n  - uses: org/package\n  - name: a # \ud83d\ude00\n\n\n# end\n",
                "mcpServers:\n  -\n    name: a\n    args:\n      - '-'\n      - \"x\n        y\"\nname: z\n",
                "mcpServers:\n  - {name: a, command: b}\n",
                "x: &x {a: 1}\nmcpServers:\n  - name: a\n    env: {<<: *x}\n",
                "  name: indented\n  mcpServers:\n    - name: a\n",
                "mcpServers:\n  - name: a\n    text: >-\n      folded\n\n      # text\n",
            })
    void undoesItsChangeByteForByteAndAlsoWithoutANote(String text) {
        ConfigFile file = new ConfigFile(Path.of("config.yaml"), true, text);
        EntryChange installed = EntryChange.install(file, EDITOR, entry(), Optional.empty());

        assertThat(EDITOR.entry(installed.after())).contains(entry());
        ConfigFile changed = new ConfigFile(Path.of("config.yaml"), true, installed.after());
        assertThat(EntryChange.uninstall(changed, EDITOR, installed.note()).after())
                .isEqualTo(text);

        String edited = installed.after().replace("\n", "\n# later\n").replaceFirst("# later\n$", "");
        if (!text.contains("|") && !text.contains(">") && !text.contains("\"x\n")) {
            ConfigFile later = new ConfigFile(Path.of("config.yaml"), true, edited);
            String undone =
                    EntryChange.uninstall(later, EDITOR, installed.note()).after();
            assertThat(EDITOR.entry(undone)).isEmpty();
        }
    }

    @Test
    void changesAnElementInPlaceAndRestoresIt() {
        String text = """
                mcpServers:
                  - name: ours # mine
                    command: npx
                    args:
                      - "-y"
                    env:
                      A: one # mine
                  - name: other
                """;
        ConfigFile file = new ConfigFile(Path.of("config.yaml"), true, text);
        ObjectNode wanted = EDITOR.entry(text).orElseThrow();
        wanted.put("command", "/new");
        wanted.withObject("env").put("B", "2");

        EntryChange change = EntryChange.install(file, EDITOR, wanted, Optional.empty());

        assertThat(change.after())
                .isEqualTo(text.replace("npx", "\"/new\"")
                        .replace("# mine\n  - name", "# mine\n      B: \"2\"\n  - name"));
        String edited = change.after() + "name: later\n";
        assertThat(EntryChange.uninstall(new ConfigFile(Path.of("config.yaml"), true, edited), EDITOR, change.note())
                        .after())
                .isEqualTo(text.replace("npx", "\"npx\"") + "name: later\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a: [",
                "a: 1\na: 2\n",
                "a: 1\n---\nb: 2\n",
                "- a\n",
                "&a [*a]\n",
                "a: &a\n  b: *a\n",
                "{mcpServers: [{name: a}]}\n",
                "mcpServers: [{name: a}]\n",
                "mcpServers: text\n",
                "? [a]\n: b\n",
                "name: x\n...\n",
            })
    void refusesWhatItCannotChangeLineByLine(String text) {
        assertThatThrownBy(() -> EDITOR.put(text, entry()))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("config.yaml")
                .hasMessageContaining("stays unchanged");
    }
}
