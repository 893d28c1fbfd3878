package dev.codexmcp.codex.event;

import static dev.codexmcp.codex.event.CodexEventKind.AGENT_MESSAGE;
import static dev.codexmcp.codex.event.CodexEventKind.COLLAB_CALL;
import static dev.codexmcp.codex.event.CodexEventKind.COLLAB_RESULT;
import static dev.codexmcp.codex.event.CodexEventKind.COMMAND_CALL;
import static dev.codexmcp.codex.event.CodexEventKind.COMMAND_RESULT;
import static dev.codexmcp.codex.event.CodexEventKind.ERROR;
import static dev.codexmcp.codex.event.CodexEventKind.FILE_CHANGE_CALL;
import static dev.codexmcp.codex.event.CodexEventKind.FILE_CHANGE_RESULT;
import static dev.codexmcp.codex.event.CodexEventKind.ITEM_ERROR;
import static dev.codexmcp.codex.event.CodexEventKind.MCP_CALL;
import static dev.codexmcp.codex.event.CodexEventKind.MCP_RESULT;
import static dev.codexmcp.codex.event.CodexEventKind.REASONING;
import static dev.codexmcp.codex.event.CodexEventKind.THREAD_STARTED;
import static dev.codexmcp.codex.event.CodexEventKind.TODO_LIST;
import static dev.codexmcp.codex.event.CodexEventKind.TURN_COMPLETED;
import static dev.codexmcp.codex.event.CodexEventKind.TURN_FAILED;
import static dev.codexmcp.codex.event.CodexEventKind.TURN_STARTED;
import static dev.codexmcp.codex.event.CodexEventKind.WEB_SEARCH_CALL;
import static dev.codexmcp.codex.event.CodexEventKind.WEB_SEARCH_RESULT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Recorded output of the real CLI in {@code src/test/resources/codex-*}, each file next to its expected events. */
class RecordedLinesTest {
    private static final Path FIXTURES = Path.of("src/test/resources/codex-0.169.0");
    private static final ObjectMapper JSON = new ObjectMapper();

    static Stream<Arguments> kinds() {
        return Stream.of(
                arguments("turn-failed", List.of(THREAD_STARTED, TURN_STARTED, ERROR, TURN_FAILED)),
                arguments(
                        "turn-failed-after-message",
                        List.of(THREAD_STARTED, TURN_STARTED, AGENT_MESSAGE, ERROR, TURN_FAILED)),
                arguments(
                        "message-and-reasoning",
                        List.of(THREAD_STARTED, TURN_STARTED, REASONING, AGENT_MESSAGE, TURN_COMPLETED)),
                arguments(
                        "read-only-sandbox-denial",
                        List.of(
                                THREAD_STARTED,
                                TURN_STARTED,
                                COMMAND_CALL,
                                COMMAND_RESULT,
                                AGENT_MESSAGE,
                                TURN_COMPLETED)),
                arguments(
                        "command-fails",
                        List.of(
                                THREAD_STARTED,
                                TURN_STARTED,
                                AGENT_MESSAGE,
                                COMMAND_CALL,
                                COMMAND_RESULT,
                                AGENT_MESSAGE,
                                TURN_COMPLETED)),
                arguments(
                        "file-change",
                        List.of(
                                THREAD_STARTED,
                                TURN_STARTED,
                                FILE_CHANGE_CALL,
                                FILE_CHANGE_RESULT,
                                FILE_CHANGE_CALL,
                                FILE_CHANGE_RESULT,
                                FILE_CHANGE_CALL,
                                FILE_CHANGE_RESULT,
                                FILE_CHANGE_CALL,
                                FILE_CHANGE_RESULT,
                                AGENT_MESSAGE,
                                TURN_COMPLETED)),
                arguments(
                        "todo-list",
                        List.of(
                                THREAD_STARTED,
                                TURN_STARTED,
                                TODO_LIST,
                                TODO_LIST,
                                AGENT_MESSAGE,
                                TODO_LIST,
                                TURN_COMPLETED)),
                arguments(
                        "mcp-tool-call",
                        List.of(
                                THREAD_STARTED,
                                TURN_STARTED,
                                MCP_CALL,
                                MCP_RESULT,
                                MCP_CALL,
                                MCP_RESULT,
                                AGENT_MESSAGE,
                                TURN_COMPLETED)),
                arguments(
                        "web-search-duplicate-id",
                        List.of(
                                THREAD_STARTED,
                                TURN_STARTED,
                                WEB_SEARCH_CALL,
                                WEB_SEARCH_RESULT,
                                AGENT_MESSAGE,
                                TURN_COMPLETED)),
                arguments(
                        "collab-agents-v2",
                        List.of(
                                THREAD_STARTED,
                                TURN_STARTED,
                                COLLAB_CALL,
                                COLLAB_RESULT,
                                AGENT_MESSAGE,
                                TURN_COMPLETED)),
                arguments(
                        "collab-agents-v1",
                        List.of(
                                THREAD_STARTED,
                                ITEM_ERROR,
                                TURN_STARTED,
                                COLLAB_CALL,
                                COLLAB_RESULT,
                                COLLAB_CALL,
                                COLLAB_RESULT,
                                COLLAB_CALL,
                                COLLAB_RESULT,
                                AGENT_MESSAGE,
                                TURN_COMPLETED)));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void determinesTheKindOfEveryRecordedLine(String fixture, List<CodexEventKind> expected) {
        assertThat(ScannedLines.of(lines(fixture)).kinds()).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void writesTheExpectedEventForEveryRecordedLine(String fixture, List<CodexEventKind> kinds) throws IOException {
        JsonNode expected = JSON.readTree(Files.readString(FIXTURES.resolve(fixture + ".events.json")));
        for (JsonNode event : expected) {
            ((ObjectNode) event).put("timestamp", "2026-01-07T08:09:10.050Z");
        }

        assertThatJson(events(lines(fixture))).isEqualTo(expected);
    }

    @Test
    void everyRecordingHasATest() throws IOException {
        try (Stream<Path> files = Files.list(FIXTURES)) {
            assertThat(files.map(file -> file.getFileName().toString())
                            .filter(name -> name.endsWith(".jsonl"))
                            .map(name -> name.substring(0, name.length() - ".jsonl".length())))
                    .containsExactlyInAnyOrderElementsOf(
                            kinds().map(row -> String.valueOf(row.get()[0])).toList());
        }
    }

    /** The events for these lines as one JSON array. */
    private static String events(byte[] stream) {
        ScannedLines scanned = ScannedLines.of(stream);
        List<String> events = IntStream.range(0, scanned.lines().size())
                .mapToObj(i -> {
                    ByteArrayOutputStream out = new ByteArrayOutputStream();
                    ScannedLines.Line line = scanned.lines().get(i);
                    int start = (int) line.start();
                    new EventWriter(out).line(line.kind(), 1767773350050L, stream, start, scanned.end(i) - start);
                    return out.toString(UTF_8);
                })
                .toList();
        return events.toString();
    }

    private static byte[] lines(String fixture) {
        try {
            return Files.readAllBytes(FIXTURES.resolve(fixture + ".jsonl"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
