package dev.codexmcp.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever a worker prints, its job continues: each line is an event, and invalid JSON is an error event. */
class OddOutputIT {
    private static final int MIB = 1024 * 1024;
    private static final String MESSAGE =
            "{\"type\":\"item.completed\",\"item\":{\"id\":\"i\",\"type\":\"agent_message\",\"text\":\"%s\"}}";

    @TempDir
    static Path scratch;

    private static ShellClient server;

    @BeforeAll
    static void startServer() {
        ShellCodex.install(scratch);
        server = ShellCodexServer.in(scratch).start();
        server.initialize();
    }

    @AfterAll
    static void endServer() {
        server.closeStdin();
        assertThat(server.awaitExit()).isZero();
        server.awaitAllRead();
        assertThat(server.strays()).isEmpty();
    }

    /** A line: how a shell prints it, and its event. */
    enum Odd {
        NO_JSON("echo 'Segmentation fault'", "error", "\"line\":\"Segmentation fault\""),
        NUL_BYTES("printf 'a\\0b\\n'", "error", "a\\u0000b"),
        NUL_BYTES_ALONE("printf '\\0\\0\\0\\0\\n'", "error", "\\u0000"),
        INVALID_UTF_8("printf '\\377\\376\\200\\n'", "error", "\uFFFD"),
        INVALID_UTF_8_IN_JSON("printf '{\"type\":\"odd\",\"text\":\"a\\377b\"}\\n'", "progress", "a\uFFFDb"),
        CUT_CHARACTER_IN_JSON(
                "printf '{\"type\":\"odd\",\"text\":\"\\342\\202\"}\\n'", "progress", "\"text\":\"\uFFFD"),
        LONE_SURROGATE("printf '{\"type\":\"odd\",\"text\":\"\\\\ud83d\"}\\n'", "progress", "\"type\":\"odd\""),
        BYTE_ORDER_MARK("printf '\\357\\273\\277{\"type\":\"odd\"}\\n'", "progress", "{\"type\":\"odd\"}"),
        CARRIAGE_RETURN("printf '{\"type\":\"odd\"}\\r\\n'", "progress", "{\"type\":\"odd\"}"),
        TWO_VALUES("echo '{\"type\":\"odd\"} {\"type\":\"odd\"}'", "error", "More than one"),
        CUT_JSON("echo '{\"type\":\"odd\",\"text\":\"'", "error", "end-of-input"),
        ARRAY("echo '[1,2]'", "progress", "[1,2]"),
        TEN_THOUSAND_LEVELS(
                "printf '{\"type\":\"odd\",\"deep\":'; head -c 10000 /dev/zero | tr '\\0' '['; head -c 10000 /dev/zero | tr '\\0' ']'; echo '}'",
                "progress",
                "[".repeat(100)),
        TEN_THOUSAND_LEVELS_LEFT_OPEN("head -c 10000 /dev/zero | tr '\\0' '['; echo", "error", "end-of-input"),
        TEN_THOUSAND_DIGITS(
                "printf '{\"type\":\"odd\",\"number\":'; head -c 10000 /dev/zero | tr '\\0' 7; echo '}'",
                "progress",
                "7".repeat(10_000)),
        LONG_LINE_WITHOUT_JSON("head -c 67108864 /dev/zero | tr '\\0' a; echo", "error", "67108864 bytes in all"),
        LONG_LINE_OF_NULS("head -c 67108864 /dev/zero; echo", "error", "67108864 bytes in all");

        private final String shell;
        private final String type;
        private final String shows;

        Odd(String shell, String type, String shows) {
            this.shell = shell;
            this.type = type;
            this.shows = shows;
        }
    }

    private static String message(String text) {
        return "echo '" + MESSAGE.formatted(text) + "'\n";
    }

    @ParameterizedTest
    @EnumSource
    void oddLineIsAnEventAndLaterLinesAreRead(Odd odd) {
        String job = server.spawn(message("before") + odd.shell + "\n" + message("after"));
        server.awaitEnd(job);

        assertThat(server.status(job)).isEqualTo("done");
        List<JsonNode> events = server.events(job);
        assertThat(events)
                .extracting(event -> event.path("type").asText())
                .containsExactly("progress", "message", odd.type, "message", "final");
        // The page as text, since printing a tree of such a depth is more than the test's own JSON library does.
        String page = Responses.text(server.get(server.ask(
                "codex_events", ShellClient.job(job).put("cursor", "2").put("maxBytes", 32_768))));
        assertThat(page).contains(odd.shows).hasSizeLessThan(40_000);
        assertThat(Responses.text(server.get(server.ask("codex_result", ShellClient.job(job)))))
                .isEqualTo("after");
    }

    @Test
    void outputWithoutALineFeedIsAnEventAtEof() {
        String job = server.spawn(message("before") + "head -c 67108864 /dev/zero | tr '\\0' a");
        server.awaitEnd(job);

        List<JsonNode> events = server.events(job);
        assertThat(events)
                .extracting(event -> event.path("type").asText())
                .containsExactly("progress", "message", "error", "final");
        assertThat(events.get(2).path("content").path("line").asText())
                .startsWith("aaa")
                .endsWith("(67108864 bytes in all)");
    }

    @Test
    void jsonLineOf64MibIsAMessageLikeAnyOther() {
        int length = 64 * MIB - MESSAGE.length();
        String job = server.spawn("printf '" + MESSAGE.replace("%s\"}}", "'") + "; head -c " + length
                + " /dev/zero | tr '\\0' x; printf '\"}}\\n'; " + "echo '{\"type\":\"turn.completed\"}'");
        server.awaitEnd(job);

        List<JsonNode> events = server.events(job);
        assertThat(events)
                .extracting(event -> event.path("type").asText())
                .containsExactly("progress", "message", "progress", "final");
        assertThat(Responses.text(server.get(server.ask("codex_result", ShellClient.job(job)))))
                .hasSize(length);
        JsonNode whole = Responses.json(server.get(server.ask(
                "codex_events", ShellClient.job(job).put("cursor", "1").put("maxEvents", 1))));
        assertThat(whole.path("events").path(0).path("content").path("text").textValue())
                .hasSize(length);
    }

    @Test
    void stderrOfAnySizeIsReadAndItsTailIsKept() {
        String job = server.spawn(
                "head -c 134217728 /dev/zero | tr '\\0' e >&2; echo the last line >&2\n" + message("done"));
        server.awaitEnd(job);

        JsonNode full = Responses.json(
                server.get(server.ask("codex_result", ShellClient.job(job).put("view", "full"))));
        assertThat(full.path("stderrTail").textValue()).hasSize(2 * MIB).endsWith("eee" + "the last line\n");
        assertThat(full.path("finalMessage").textValue()).isEqualTo("done");
    }

    @Test
    void outputOnBothStreamsBlocksNeither() {
        String job = server.spawn("(head -c 33554432 /dev/zero | tr '\\0' e >&2) &\n"
                + "i=0; while [ $i -lt 20000 ]; do echo '{\"type\":\"odd\"}'; i=$((i+1)); done; wait\n"
                + message("done"));
        server.awaitEnd(job);

        assertThat(server.events(job)).hasSize(20_003);
    }
}
