package dev.codexmcp.install.edit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codexmcp.install.edit.UserFile.Course;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/**
 * Installing and removing an entry keeps everything a user writes into a JSON file with comments, before or in between.
 */
class JsonUndoPropertyTest {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS, JsonReadFeature.ALLOW_TRAILING_COMMA)
            .build();
    private static final EntryEditor EDITOR =
            new EntryEditor(ConfigFormat.JSON, Path.of("mcp.json"), List.of("servers", "ours"));

    /**
     * A member of a user's file; {@code %d} makes its name unique, and {@code NL} is a line ending with indentation.
     */
    enum Part {
        PLAIN("\"plain%d\": { \"request_max_retries\": 2, \"list\": [1, 2.50, \"}\"] }"),
        ODD_NAME("\"o\\\"d\\u0064/*%d\": \"\\\\\\\"//\""),
        OPEN("\"open%d\": {NL  \"a\": null, // kept%dNL  \"b\": [NL    true // kept%d, }NL  ],NL}"),
        OURS_ELSEWHERE("\"else%d\": {NL  \"servers\": { \"ours\": { \"command\": \"no\" } }NL}"),
        COMMENTED("/* kept%d {NL*/ \"commented%d\": [] /* kept%d */");

        final String text;

        Part(String text) {
            this.text = text;
        }
    }

    /** The initial form of the object that contains the servers. */
    enum Container {
        ABSENT(""),
        EMPTY("\"servers\": {}"),
        BLANK("\"servers\": {NL}"),
        COMMENT_ONLY("\"servers\": {NL  // kept0NL}"),
        ONE_LINE("\"servers\": { \"other\": { \"command\": \"other\" } }"),
        LINES("\"servers\": {NL  \"other\": { \"args\": [\"//\", \"/*\"] }, // kept0NL  \"more\": {} // kept1NL}"),
        TRAILING_COMMA("\"servers\": {NL  \"other\": {}, // kept0NL  // kept1NL}");

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
                return text.replaceFirst("\\{", "{ \"top" + number + "\": [ \"{\" ], // kept9" + number + "\n");
            }
        },
        SERVER_BEFORE_THE_ENTRY {
            @Override
            public String of(String text, int number) {
                return text.replace("\"ours\": {\"command\"", "\"ours\":{\"command\"")
                        .replaceFirst("(\"ours\":\\s*\\{\\s*\"command\":\\s*\"/)", "\"early" + number + "\": {},\n$1");
            }
        },
        SERVER_BEHIND_THE_ENTRY {
            @Override
            public String of(String text, int number) {
                int end = text.indexOf('}', text.indexOf("\"/new\"")) + 1;
                String late = ", /* kept8" + number + " */ \"late" + number + "\": { \"a\": 1 }";
                return text.substring(0, end) + late + text.substring(end);
            }
        },
        COMMENT_BEHIND_THE_ENTRY {
            @Override
            public String of(String text, int number) {
                int end = text.indexOf('}', text.indexOf("\"/new\"")) + 1;
                return text.substring(0, end) + " // kept7" + number + "\n" + text.substring(end);
            }
        },
        OTHER_VALUES {
            @Override
            public String of(String text, int number) {
                return text.replace("\"request_max_retries\": 2", "\"request_max_retries\": 4");
            }
        },
        EDITED_ENTRY {
            @Override
            public String of(String text, int number) {
                return text.replace("\"/new\"", "\"/new\", \"edit" + number + "\": [1]");
            }
        },
        COMMENT_AT_THE_END {
            @Override
            public String of(String text, int number) {
                return text + "\n// kept6" + number;
            }
        },
        WINDOWS_LINES {
            @Override
            public String of(String text, int number) {
                return text.replace("\r\n", "\n").replace("\n", "\r\n");
            }
        },
        REFORMATTED {
            @Override
            public String of(String text, int number) throws Exception {
                return JSON.readTree(text).toPrettyString();
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

    @Property(tries = 2000)
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

        assertThat(JSON.readTree(course.undone()).at("/servers/ours").isMissingNode())
                .isTrue();
        assertThat(rest(course.undone())).isEqualTo(rest(course.edited()));
        assertThat(UserFile.kept(course.undone())).isEqualTo(UserFile.kept(course.edited()));
    }

    @Property(tries = 1000)
    void restoresAnEarlierEntryWithTheUsersEdits(
            @ForAll @Size(max = 3) List<Part> before,
            @ForAll @Size(max = 3) List<Part> behind,
            @ForAll @IntRange(max = 7) int style,
            @ForAll @Size(max = 4) List<UserEdit> edits)
            throws Exception {
        String first = "\"other\": { \"args\"";
        String ours = "\"ours\": { \"command\": \"npx\", \"args\": [\"-y\"], \"env\": { \"A\": \"1\" } }, ";
        UserFile plain = file(before, Container.LINES, behind, style);
        UserFile file = UserFile.of(EDITOR, "mcp.json", plain.text().replace(first, ours + first));
        ObjectNode present = EDITOR.entry(file.text()).orElseThrow();
        ObjectNode wanted = entry();
        wanted.putObject("env").put("B", "2");
        EntryChange installed = file.install(EntryChange.completed(present, wanted));
        Course course = file.undo(installed, edits);

        JsonNode entry = JSON.readTree(course.undone()).at("/servers/ours");
        for (String name : List.of("command", "args", "env")) {
            assertThat(entry.get(name)).isEqualTo(present.get(name));
        }
        assertThat(rest(course.undone())).isEqualTo(rest(course.edited()));
        assertThat(UserFile.kept(course.undone())).isEqualTo(UserFile.kept(course.edited()));
    }

    /** @param style three bits: one line, Windows line endings, trailing comma */
    private static UserFile file(List<Part> before, Container container, List<Part> behind, int style) {
        StringBuilder members = new StringBuilder();
        int number = 2;
        for (Part part : before) {
            members.append("NL  ")
                    .append(part.text.replace("%d", "" + number++).replace("NL", "NL  "))
                    .append(',');
        }
        if (!container.text.isEmpty()) {
            members.append("NL  ").append(container.text.replace("NL", "NL  ")).append(',');
        }
        for (Part part : behind) {
            members.append("NL  ")
                    .append(part.text.replace("%d", "" + number++).replace("NL", "NL  "))
                    .append(',');
        }
        boolean trailingComma = (style & 4) != 0;
        if (members.length() > 0 && !trailingComma) {
            members.setLength(members.length() - 1);
        }
        String text = "{" + members + "NL}";
        boolean oneLine = (style & 1) != 0 && !text.contains("// kept");
        String lineEnding = (style & 2) != 0 ? "\r\n" : "\n";
        return UserFile.of(EDITOR, "mcp.json", oneLine ? text.replaceAll("NL *", "") : text.replace("NL", lineEnding));
    }

    private static ObjectNode entry() {
        return JSON.createObjectNode().put("command", "/new");
    }

    private static JsonNode rest(String text) throws Exception {
        return UserFile.rest(JSON.readTree(text), "servers", "ours");
    }
}
