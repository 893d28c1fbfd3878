package dev.codexmcp.job.log;

import static dev.codexmcp.codex.event.CodexEventKind.AGENT_MESSAGE;
import static dev.codexmcp.codex.event.CodexEventKind.ERROR;
import static dev.codexmcp.codex.event.CodexEventKind.FINAL;
import static dev.codexmcp.codex.event.CodexEventKind.MALFORMED;
import static dev.codexmcp.codex.event.CodexEventKind.SPAWNED;
import static dev.codexmcp.codex.event.CodexEventKind.TURN_COMPLETED;
import static dev.codexmcp.codex.event.CodexEventKind.TURN_STARTED;
import static dev.codexmcp.codex.event.CodexEventKind.UNKNOWN;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.codex.event.CodexEventKind;
import dev.codexmcp.codex.event.LineText;
import dev.codexmcp.json.ByteSlice;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class EventLogTest {
    private static final String STARTED = "{\"type\":\"turn.started\"}\n";
    private static final String COMPLETED = "{\"type\":\"turn.completed\"}\n";

    private final EventLog log = FakeLogs.open();

    /** An event as seen by a reader. */
    private record Seen(CodexEventKind kind, String line) {}

    @Test
    void theSpawnIsTheFirstEvent() {
        assertThat(seen(log.reader())).containsExactly(new Seen(SPAWNED, ""));
        assertThat(log.reader().time(0)).isEqualTo(1000);
        assertThat(log.reader().complete()).isFalse();
        assertThat(log.tail(100)).isEmpty();
    }

    @Test
    void aLineIsAnEventOnceItsLineFeedArrives() {
        say("{\"type\":\"turn.st");
        assertThat(seen(log.reader())).containsExactly(new Seen(SPAWNED, ""));
        say("arted\"}");
        assertThat(log.size()).isEqualTo(1);
        say("\n{");
        assertThat(seen(log.reader())).containsExactly(new Seen(SPAWNED, ""), new Seen(TURN_STARTED, STARTED.strip()));
    }

    @Test
    void blankLinesAndLineEndsAreNotPartOfAnyEvent() {
        say("\r\n\n{\"type\":\"turn.started\"}\r\n  \r\n\n7\n\t\n");

        assertThat(seen(log.reader()))
                .containsExactly(
                        new Seen(SPAWNED, ""), new Seen(TURN_STARTED, STARTED.strip()), new Seen(UNKNOWN, "7"));
    }

    @Test
    void atEofTheTextAfterTheLastLineFeedIsALine() {
        say(STARTED + "{\"type\":\"turn.completed\"}");
        assertThat(log.has(TURN_COMPLETED)).isFalse();
        log.ended();

        assertThat(log.has(TURN_COMPLETED)).isTrue();
        assertThat(seen(log.reader()))
                .containsExactly(
                        new Seen(SPAWNED, ""),
                        new Seen(TURN_STARTED, STARTED.strip()),
                        new Seen(TURN_COMPLETED, COMPLETED.strip()));
    }

    @Test
    void repeatedEofAndEofWithTheSealAddNothing() {
        say(STARTED);
        log.ended();
        log.ended();
        log.seal(2000);
        log.ended();

        assertThat(seen(log.reader()))
                .containsExactly(new Seen(SPAWNED, ""), new Seen(TURN_STARTED, STARTED.strip()), new Seen(FINAL, ""));
    }

    @Test
    void theSealAddsTheLastEventAfterATruncatedLine() {
        say(STARTED + "{\"type\":");
        log.seal(2000);

        assertThat(seen(log.reader()))
                .containsExactly(
                        new Seen(SPAWNED, ""),
                        new Seen(TURN_STARTED, STARTED.strip()),
                        new Seen(MALFORMED, "{\"type\":"),
                        new Seen(FINAL, ""));
        assertThat(log.reader().complete()).isTrue();
        assertThat(log.reader().time(3)).isEqualTo(2000);
    }

    @Test
    void outputAfterTheSealIsIgnored() {
        say(STARTED);
        log.seal(2000);
        List<Seen> before = seen(log.reader());
        say(FakeLogs.message("late"));
        log.ended();

        assertThat(seen(log.reader())).isEqualTo(before);
        assertThat(new String(log.tail(1000), UTF_8)).isEqualTo(STARTED);
        assertThat(LineText.message(log.lastLine(AGENT_MESSAGE))).isEmpty();
    }

    @Test
    void thereIsRoomAfterTheSealEvenAtTheEndOfAChunk() {
        String chunk = "x".repeat(log.room().remaining());
        say(chunk);
        ByteBuffer asked = log.room();
        log.seal(2000);
        log.filled(asked.remaining());

        assertThat(log.room().remaining()).isPositive();
        assertThat(seen(log.reader()))
                .containsExactly(new Seen(SPAWNED, ""), new Seen(MALFORMED, chunk), new Seen(FINAL, ""));
    }

    @Test
    void aReaderStaysTheSameWhileTheLogGrows() {
        say(STARTED + "{\"type\":\"err");
        LogReader reader = log.reader();
        List<Seen> before = seen(reader);
        say("or\"}\n" + STARTED.repeat(5000));
        log.seal(2000);

        assertThat(seen(reader)).isEqualTo(before);
        assertThat(reader.complete()).isFalse();
        assertThat(log.reader().kind(2)).isEqualTo(ERROR);
    }

    @Test
    void theLastOfEachKindIsKnown() {
        say(STARTED + FakeLogs.message("one") + STARTED + FakeLogs.message("two") + "oops\n");

        assertThat(log.lastLine(TURN_STARTED)).isEqualTo(log.reader().line(3));
        assertThat(log.lastLine(AGENT_MESSAGE)).isEqualTo(log.reader().line(4));
        assertThat(log.lastLine(TURN_COMPLETED)).isEqualTo(ByteSlice.EMPTY);
        assertThat(log.has(MALFORMED)).isTrue();
        assertThat(log.has(FINAL)).isFalse();
    }

    @Test
    void theLastMessageIsDecoded() {
        say(FakeLogs.message("first") + FakeLogs.message("two\\nlines \\u00e9 \\ud83d\\ude00 \\ud800") + COMPLETED);

        assertThat(LineText.message(log.lastLine(AGENT_MESSAGE))).contains("two\nlines é 😀 \uFFFD");
    }

    @Test
    void theLastOfDuplicateFieldsCounts() {
        say(
                "{\"item\":{\"text\":\"no\"},\"type\":\"item.completed\",\"item\":{\"text\":\"a\",\"x\":{},\"type\":\"agent_message\",\"text\":\"b\"}}\n");

        assertThat(LineText.message(log.lastLine(AGENT_MESSAGE))).contains("b");
    }

    @Test
    void brokenBytesInAMessageAreReplaced() {
        byte[] line = FakeLogs.message("a?b").getBytes(UTF_8);
        line[FakeLogs.message("a?b").indexOf('?')] = (byte) 0xFF;
        FakeLogs.say(log, line);

        assertThat(LineText.message(log.lastLine(AGENT_MESSAGE))).contains("a\uFFFDb");
    }

    @Test
    void theTailIsTheEndOfTheRawOutput() {
        say(STARTED.repeat(1000) + "\n\nno line yet");

        assertThat(new String(log.tail(20), UTF_8)).isEqualTo("arted\"}\n\n\nno line yet".substring(1));
        assertThat(log.tail(1_000_000)).hasSize(1000 * STARTED.length() + 13);
        log.seal(2000);
        assertThat(new String(log.tail(11), UTF_8)).isEqualTo("no line yet");
    }

    @Property(tries = 200)
    void theEventsDoNotDependOnHowTheOutputIsSplit(
            @ForAll @Size(max = 40) List<@IntRange(max = 9) Integer> lines,
            @ForAll @IntRange(min = 1, max = 60) int piece) {
        StringBuilder output = new StringBuilder();
        for (int line : lines) {
            output.append(List.of(
                            STARTED,
                            COMPLETED,
                            "\n",
                            "\r\n",
                            "oops\n",
                            "[1]\r\n",
                            " \n",
                            FakeLogs.message("é😀"),
                            FakeLogs.error("x".repeat(500)),
                            "\"".repeat(3) + "\n")
                    .get(line));
        }
        byte[] bytes = output.toString().getBytes(UTF_8);
        EventLog whole = FakeLogs.open();
        FakeLogs.say(whole, bytes);
        EventLog cut = FakeLogs.open();
        for (int from = 0; from < bytes.length; from += piece) {
            FakeLogs.say(cut, java.util.Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + piece)));
        }
        List<Seen> expected = new ArrayList<>(List.of(new Seen(SPAWNED, "")));
        output.toString()
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .forEach(line -> expected.add(new Seen(kind(line), line)));

        assertThat(seen(whole.reader())).isEqualTo(expected);
        assertThat(seen(cut.reader())).isEqualTo(expected);
    }

    private static CodexEventKind kind(String line) {
        return line.startsWith("{\"type\":\"turn.s")
                ? TURN_STARTED
                : line.startsWith("{\"type\":\"turn.c")
                        ? TURN_COMPLETED
                        : line.startsWith("{\"type\":\"item")
                                ? AGENT_MESSAGE
                                : line.startsWith("{\"type\":\"error")
                                        ? ERROR
                                        : line.startsWith("[") ? UNKNOWN : MALFORMED;
    }

    private void say(String output) {
        FakeLogs.say(log, output.getBytes(UTF_8));
    }

    private static List<Seen> seen(LogReader reader) {
        return IntStream.range(0, reader.size())
                .mapToObj(i ->
                        new Seen(reader.kind(i), new String(reader.line(i).toByteArray(), UTF_8).strip()))
                .toList();
    }
}
