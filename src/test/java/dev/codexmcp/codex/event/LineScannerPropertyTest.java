package dev.codexmcp.codex.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.codexmcp.codex.event.ScannedLines.Line;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;

/** Compares the scanner with Jackson, which parses each line separately. */
@Domain(JsonLines.class)
@Domain(DomainContext.Global.class)
class LineScannerPropertyTest {
    private static final ObjectMapper JACKSON = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .build())
            .build());

    private static final Set<String> CALLS =
            Set.of("command_execution", "file_change", "mcp_tool_call", "web_search", "collab_tool_call");

    @Property(tries = 2500)
    void agreesWithJacksonOnEveryLine(@ForAll byte[] stream) {
        assertThat(ScannedLines.of(stream).lines())
                .as(() -> HexFormat.of().formatHex(stream))
                .isEqualTo(expected(stream));
    }

    @Property(tries = 1000)
    void findsTheSameLinesInAnyChunks(
            @ForAll byte[] stream, @ForAll @Size(max = 12) List<@IntRange(max = 1000) Integer> cuts) {
        List<Integer> places =
                cuts.stream().map(cut -> cut * stream.length / 1000).sorted().toList();
        List<Line> whole = ScannedLines.of(stream).lines();

        assertThat(ScannedLines.of(stream, places).lines()).isEqualTo(whole);
        assertThat(ScannedLines.of(stream, everyPlace(stream)).lines()).isEqualTo(whole);
    }

    private static List<Integer> everyPlace(byte[] stream) {
        List<Integer> places = new ArrayList<>();
        for (int i = 1; i < stream.length; i++) {
            places.add(i);
        }
        return places;
    }

    private static List<Line> expected(byte[] stream) {
        List<Line> lines = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= stream.length; i++) {
            if (i == stream.length || stream[i] == '\n') {
                String line = new String(stream, start, i - start, UTF_8);
                if (!line.matches("[ \t\r]*")) {
                    boolean mark = i - start >= 3 && stream[start] == (byte) 0xEF && line.startsWith("\uFEFF");
                    lines.add(new Line(start, kind(mark ? line.substring(1) : line)));
                }
                start = i + 1;
            }
        }
        return lines;
    }

    private static CodexEventKind kind(String line) {
        if (!isOneValue(line)) {
            return CodexEventKind.MALFORMED;
        }
        try {
            // Changes names and values with escapes, which the scanner does not decode.
            JsonNode json = JACKSON.readTree(line.replaceAll("\\\\(u[0-9a-fA-F]{4}|.)", "\uE000"));
            String type = json.path("type").isTextual() ? json.path("type").textValue() : "";
            return type.startsWith("item.") && json.path("item").isObject()
                    ? itemKind(type, json.path("item").path("type").asText("?"))
                    : lineKind(type);
        } catch (IOException e) {
            throw new UncheckedIOException(line, e);
        }
    }

    private static CodexEventKind lineKind(String type) {
        return switch (type) {
            case "error", "thread.started", "turn.started", "turn.completed", "turn.failed" ->
                CodexEventKind.valueOf(type.replace('.', '_').toUpperCase(java.util.Locale.ROOT));
            default -> CodexEventKind.UNKNOWN;
        };
    }

    private static CodexEventKind itemKind(String type, String itemType) {
        if (CALLS.contains(itemType)) {
            String end = type.equals("item.completed") ? "_RESULT" : "_CALL";
            String word = itemType.replaceAll("_tool_call|_execution", "");
            return CodexEventKind.valueOf(word.toUpperCase(java.util.Locale.ROOT) + end);
        }
        return switch (itemType) {
            case "agent_message" -> CodexEventKind.AGENT_MESSAGE;
            case "reasoning" -> CodexEventKind.REASONING;
            case "todo_list" -> CodexEventKind.TODO_LIST;
            case "error" -> CodexEventKind.ITEM_ERROR;
            default -> CodexEventKind.OTHER_ITEM;
        };
    }

    private static boolean isOneValue(String line) {
        try (JsonParser parser = JACKSON.getFactory().createParser(line)) {
            if (parser.nextToken() == null) {
                return false;
            }
            parser.skipChildren();
            return !parser.isClosed() && parser.nextToken() == null;
        } catch (JsonProcessingException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
