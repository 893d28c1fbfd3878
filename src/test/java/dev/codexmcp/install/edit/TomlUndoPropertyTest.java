package dev.codexmcp.install.edit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import dev.codexmcp.install.edit.UserFile.Course;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

/** Installing and removing an entry keeps everything a user writes into a TOML file, before or in between. */
class TomlUndoPropertyTest {
    private static final TomlMapper TOML = new TomlMapper();
    private static final EntryEditor EDITOR =
            new EntryEditor(ConfigFormat.TOML, Path.of("config.toml"), List.of("mcp_servers", "ours"));

    /** A part of a user's file; {@code %d} makes its names unique. */
    enum Part {
        TABLE("[table%d] # kept%d\nrequest_max_retries = 2\nquoted.\"a.b\" = 'it''s'\n".replace("''", "\"\"")),
        SERVER(
                "[mcp_servers.other%d]\ncommand = \"other\"   # kept%d\nargs = [ \"#\", # ] [\n  '[mcp_servers.ours]' ]\n"),
        QUOTED_SERVER("[ mcp_servers . \"o.%d\" ]\nurl='http://127.0.0.1/'\n"),
        SERVER_ENVIRONMENT("[mcp_servers.sub%d.env]\nA = \"1\"\n"),
        TEXT("[text%d]\ntext = \"\"\"\n[mcp_servers.ours]\ncommand = \"no\"\n# not a comment\"\"\"\"\n"),
        ARRAY("[[array%d]]\nx = { y = [1, 2.50], z = 0x1F }\n# kept%d\n[[array%d]]\n"),
        DATES("[dates%d]\nat = 1979-05-27T07:32:00Z\nbig = 99999999999999999\nfloat = 6.626e-34\n"),
        COMMENT("# kept%d [mcp_servers.ours]\n\n\n");

        final String text;

        Part(String text) {
            this.text = text;
        }
    }

    /** An edit by the user while the entry is in the file. */
    enum UserEdit implements UserFile.Edit {
        SETTING_AT_THE_TOP {
            @Override
            public String of(String text, int number) {
                return "top" + number + " = " + number + " # kept9" + number + "\n" + text;
            }
        },
        TABLE_AT_THE_END {
            @Override
            public String of(String text, int number) {
                return ended(text) + "[end" + number + "]\nx = [ 1,\n 2 ]\n";
            }
        },
        SERVER_AT_THE_END {
            @Override
            public String of(String text, int number) {
                return ended(text) + "\n[mcp_servers.late" + number + "]\ncommand = 'late' # kept8" + number + "\n";
            }
        },
        COMMENT_BEFORE_THE_ENTRY {
            @Override
            public String of(String text, int number) {
                return text.replaceFirst(
                        "(?m)^(\\[mcp_servers\\.ours]\\r?\\ncommand = \"/)", "# kept7" + number + "\n$1");
            }
        },
        COMMENT_BEHIND_THE_FILE {
            @Override
            public String of(String text, int number) {
                return ended(text) + "# kept6" + number;
            }
        },
        OTHER_VALUES {
            @Override
            public String of(String text, int number) {
                return text.replace("request_max_retries = 2", "request_max_retries = 4");
            }
        },
        FEWER_TABLES {
            @Override
            public String of(String text, int number) {
                return text.replace("request_max_retries = 2\n", "");
            }
        },
        WINDOWS_LINES {
            @Override
            public String of(String text, int number) {
                return text.replace("\r\n", "\n").replace("\n", "\r\n");
            }
        },
        ANOTHER_TIMEOUT_IN_THE_ENTRY {
            @Override
            public String of(String text, int number) {
                return text.replace("tool_timeout_sec = 3600", "tool_timeout_sec = " + number);
            }
        },
        A_SETTING_IN_THE_ENTRY {
            @Override
            public String of(String text, int number) {
                return text.replaceFirst("(?m)^(tool_timeout_sec = .*\\n)", "$1more" + number + " = { a = [ 1 ] }\n");
            }
        },
        A_TABLE_BELOW_THE_ENTRY {
            @Override
            public String of(String text, int number) {
                return ended(text) + "[mcp_servers.ours.tools.t" + number + "]\napproval_mode = \"prompt\"\n";
            }
        };

        static String ended(String text) {
            return text.isEmpty() || text.endsWith("\n") ? text : text + "\n";
        }
    }

    @Property(tries = 500)
    void restoresAnUneditedFileByteForByte(
            @ForAll @Size(max = 6) List<Part> parts, @ForAll boolean windows, @ForAll boolean ended) {
        UserFile file = file(parts, windows, ended);
        EntryChange installed = file.install(entry("/new"));

        assertThat(installed.after()).startsWith(file.text());
        file.isRestoredByteForByte(installed);
    }

    @Property(tries = 1000)
    void removesOnlyTheEntryAfterTheUsersEdits(
            @ForAll @Size(max = 6) List<Part> parts,
            @ForAll boolean windows,
            @ForAll boolean ended,
            @ForAll @Size(max = 4) List<UserEdit> edits,
            @ForAll boolean twice)
            throws Exception {
        UserFile file = file(parts, windows, ended);
        EntryChange installed = file.install(entry("/old"));
        if (twice) {
            installed = file.installAgain(installed, entry("/new"));
        }
        Course course = file.undo(installed, edits);

        assertThat(TOML.readTree(course.undone()).at("/mcp_servers/ours").isMissingNode())
                .isTrue();
        assertThat(rest(course.undone())).isEqualTo(rest(course.edited()));
        assertThat(UserFile.kept(course.undone())).isEqualTo(UserFile.kept(course.edited()));
    }

    @Property(tries = 500)
    void restoresAnEarlierEntryWithTheUsersEdits(
            @ForAll @Size(max = 4) List<Part> parts,
            @ForAll boolean subTable,
            @ForAll @Size(max = 4) List<UserEdit> edits)
            throws Exception {
        String before = "[mcp_servers.ours]\ncommand = \"npx\"\nargs = [\"-y\", \"x\"]\ntool_timeout_sec = 60\n"
                + (subTable ? "\n[mcp_servers.ours.env]\nA = \"1\"\n" : "");
        UserFile plain = file(parts, false, true);
        UserFile file = UserFile.of(EDITOR, "config.toml", plain.text() + before);
        ObjectNode present = EDITOR.entry(file.text()).orElseThrow();
        ObjectNode target = EntryChange.completed(present, entry("/new"));
        EntryChange installed = file.install(target);
        Course course = file.undo(installed, edits);

        JsonNode entry = TOML.readTree(course.undone()).at("/mcp_servers/ours");
        assertThat(entry.at("/command")).isEqualTo(present.at("/command"));
        assertThat(entry.at("/args")).isEqualTo(present.at("/args"));
        assertThat(entry.at("/env")).isEqualTo(present.at("/env"));
        assertThat(entry.has("default_tools_approval_mode")).isFalse();
        assertThat(entry.at("/tool_timeout_sec").asInt()).isEqualTo(60);
        assertThat(entry.has("more0")).isEqualTo(course.edited().contains("more0"));
        assertThat(rest(course.undone())).isEqualTo(rest(course.edited()));
        assertThat(UserFile.kept(course.undone())).isEqualTo(UserFile.kept(course.edited()));
    }

    private static UserFile file(List<Part> parts, boolean windows, boolean ended) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < parts.size(); i++) {
            text.append(parts.get(i).text.replace("%d", String.valueOf(i)));
        }
        String unix = ended ? text.toString() : text.toString().stripTrailing();
        return UserFile.of(EDITOR, "config.toml", windows ? unix.replace("\n", "\r\n") : unix);
    }

    private static ObjectNode entry(String command) {
        ObjectNode entry = TOML.createObjectNode()
                .put("command", command)
                .put("default_tools_approval_mode", "approve")
                .put("tool_timeout_sec", 3600);
        entry.putObject("env").put("B", "2");
        return entry;
    }

    private static JsonNode rest(String text) throws Exception {
        return UserFile.rest(TOML.readTree(text), "mcp_servers", "ours");
    }
}
