package dev.codexmcp.install.edit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codexmcp.install.edit.UserFile.Course;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Installing and removing an entry keeps everything a user writes into a YAML file, before or in between. */
class YamlUndoPropertyTest {
    private static final EntryEditor EDITOR =
            new EntryEditor(ConfigFormat.yaml(), Path.of("config.yaml"), List.of("servers", "ours"));

    /** A member of a user's file; {@code %d} makes its name and its comments unique. */
    enum Part {
        PLAIN("plain%d: { retries: 2, list: [1, 2.50, \"}\"] } # kept%d\n"),
        QUOTED("\"o\\\"dd # %d\": '- name: ours'\n"),
        BLOCK("block%d:\n  a: ~ # kept%d\n  b:\n  - true\n  - x: 'y' # kept%d\n"),
        LITERAL("text%d: |\n  servers:\n    - name: ours\n\n  # no comment\n"),
        FOLDED("folded%d: >-\n  some\n  words\n\n# kept%d\n"),
        ANCHOR("anchor%d: &a%d\n  k: v\nalias%d: *a%d\n"),
        MULTILINE("plain lines%d: one\n  two # kept%d\n"),
        BLANK("\n# kept%d\n\n");

        final String text;

        Part(String text) {
            this.text = text;
        }
    }

    /** The initial form of the list that contains the servers. */
    enum Container {
        ABSENT(""),
        NULL("servers:\n"),
        NULL_WITH_COMMENT("servers: # kept0\n"),
        EMPTY("servers: [] # kept0\n"),
        SAME_COLUMN("servers:\n- name: other\n  command: x # kept0\n"),
        INDENTED("servers:\n    - name: other\n      env:\n        A: '1'\n    # kept0\n    - uses: org/block\n"),
        DASH_ALONE("servers:\n  -\n    name: other\n    args:\n      - a\n      - |\n        # text\n"),
        FLOW_ELEMENT("servers:\n  - { name: other, command: x } # kept0\n");

        final String text;

        Container(String text) {
            this.text = text;
        }
    }

    /** An edit by the user while the entry is in the file. */
    enum UserEdit implements UserFile.Edit {
        MEMBER_AT_THE_TOP {
            @Override
            public String of(String text, int number) {
                String top = "top" + number + ": [ '{' ] # kept9" + number + "\n";
                return text.startsWith("\uFEFF") ? "\uFEFF" + top + text.substring(1) : top + text;
            }
        },
        MEMBER_AT_THE_END {
            @Override
            public String of(String text, int number) {
                return text + (text.endsWith("\n") ? "" : "\n") + "end" + number + ": # kept8" + number
                        + "\n  - name: ours\n";
            }
        },
        COMMENT_BEHIND_THE_ENTRY {
            @Override
            public String of(String text, int number) {
                return text.replaceFirst("\"/new\"(\r?\n)", "\"/new\"$1# kept7" + number + "$1");
            }
        },
        EDITED_ENTRY {
            @Override
            public String of(String text, int number) {
                return text.replaceFirst("(\\s+)command: \"/new\"", "$1edit" + number + ": 1$0");
            }
        },
        WINDOWS_LINES {
            @Override
            public String of(String text, int number) {
                return text.replace("\r\n", "\n").replace("\n", "\r\n");
            }
        };
    }

    @Property(tries = 1000)
    void restoresAnUneditedFileByteForByte(
            @ForAll @Size(max = 3) List<Part> before,
            @ForAll Container container,
            @ForAll @Size(max = 3) List<Part> behind,
            @ForAll @IntRange(max = 7) int style) {
        UserFile file = file(before, container, behind, style);
        EntryChange installed = file.install(entry());

        file.isRestoredByteForByte(installed);
    }

    @Property(tries = 1000)
    void removesOnlyTheEntryAfterTheUsersEdits(
            @ForAll @Size(max = 3) List<Part> before,
            @ForAll Container container,
            @ForAll @Size(max = 3) List<Part> behind,
            @ForAll @IntRange(max = 7) int style,
            @ForAll @Size(max = 4) List<UserEdit> edits)
            throws Exception {
        UserFile file = file(before, container, behind, style);
        EntryChange installed = file.install(entry());
        assertThat(UserFile.kept(installed.after())).isEqualTo(UserFile.kept(file.text()));
        Course course = file.undo(installed, edits);

        assertThat(EDITOR.entry(course.undone())).isEmpty();
        assertThat(rest(course.undone())).isEqualTo(rest(course.edited()));
        assertThat(UserFile.kept(course.undone())).isEqualTo(UserFile.kept(course.edited()));
    }

    /** @param style three bits: Windows line endings, no line ending at the end, a byte order mark */
    private static UserFile file(List<Part> before, Container container, List<Part> behind, int style) {
        StringBuilder text = new StringBuilder();
        int number = 2;
        for (Part part : before) {
            text.append(part.text.replace("%d", "" + number++));
        }
        text.append(container.text);
        for (Part part : behind) {
            text.append(part.text.replace("%d", "" + number++));
        }
        String all = (style & 1) == 0 ? text.toString() : text.toString().replace("\n", "\r\n");
        all = (style & 2) == 0 ? all : all.stripTrailing();
        return UserFile.of(EDITOR, "config.yaml", (style & 4) == 0 ? all : "\uFEFF" + all);
    }

    private static ObjectNode entry() {
        return JsonNodeFactory.instance.objectNode().put("command", "/new");
    }

    /** Everything but the entry, as another reader of the same library sees it. */
    private static Object rest(String text) {
        Object root = new Load(LoadSettings.builder().build()).loadFromString(text);
        Map<Object, Object> rest = root instanceof Map<?, ?> map ? new LinkedHashMap<>(map) : new LinkedHashMap<>();
        List<Object> others = new ArrayList<>();
        if (rest.remove("servers") instanceof List<?> servers) {
            servers.stream()
                    .filter(server -> !(server instanceof Map<?, ?> map && "ours".equals(map.get("name"))))
                    .forEach(others::add);
        }
        return List.of(rest, others);
    }
}
