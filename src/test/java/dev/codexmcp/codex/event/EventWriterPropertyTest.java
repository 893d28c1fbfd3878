package dev.codexmcp.codex.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.codexmcp.json.JsonStringStream;
import dev.codexmcp.json.Utf8Buffer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.domains.Domain;

/** Events for any output of a worker. */
class EventWriterPropertyTest {
    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNumberLength(Integer.MAX_VALUE)
                            .maxNestingDepth(Integer.MAX_VALUE)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /** The names of item fields in events, if they differ from the CLI's. */
    private static final Map<String, String> RENAMED = Map.of(
            "itemType", "type",
            "itemId", "id",
            "exitCode", "exit_code",
            "aggregatedOutput", "aggregated_output",
            "senderThreadId", "sender_thread_id",
            "receiverThreadIds", "receiver_thread_ids",
            "agentsStates", "agents_states");

    private static final Set<CodexEventKind> NO_ITEMS = Set.of(
            CodexEventKind.THREAD_STARTED,
            CodexEventKind.TURN_STARTED,
            CodexEventKind.TURN_COMPLETED,
            CodexEventKind.TURN_FAILED);

    @Property(tries = 1000)
    void anyBytesBecomeValidJsonEvents(@ForAll byte[] stream) throws IOException {
        checkEvents(stream);
    }

    @Property(tries = 3000)
    @Domain(JsonLines.class)
    void anyLinesBecomeEventsWithTheirContent(@ForAll byte[] stream) throws IOException {
        checkEvents(stream);
    }

    private static void checkEvents(byte[] stream) throws IOException {
        ScannedLines scanned = ScannedLines.of(stream);
        for (int i = 0; i < scanned.lines().size(); i++) {
            CodexEventKind kind = scanned.lines().get(i).kind();
            int start = (int) scanned.lines().get(i).start();
            JsonNode event = written(kind, stream, start, scanned.end(i) - start);

            assertThat(event.propertyStream().map(Map.Entry::getKey)).containsExactly("type", "content", "timestamp");
            assertThat(event.path("type").textValue()).isEqualTo(kind.type().wire());
            assertThat(event.path("timestamp").textValue()).isEqualTo("2026-01-07T08:09:10.050Z");
            checkContent(kind, event.path("content"), new String(stream, start, scanned.end(i) - start, UTF_8));
        }
    }

    private static void checkContent(CodexEventKind kind, JsonNode content, String text) throws IOException {
        if (kind == CodexEventKind.MALFORMED) {
            assertThat(content.propertyStream().map(Map.Entry::getKey)).containsExactly("message", "line", "error");
            return;
        }
        JsonNode line = tree(text.startsWith("\uFEFF") ? text.substring(1) : text);
        if (kind == CodexEventKind.UNKNOWN || kind == CodexEventKind.ERROR) {
            assertThat(content.toString()).isEqualTo(line.toString());
        } else {
            JsonNode item = NO_ITEMS.contains(kind) ? MissingNode.getInstance() : line.path("item");
            content.propertyStream()
                    .forEach(field -> assertThat(field.getValue().toString())
                            .isEqualTo(said(field.getKey(), line, item).toString()));
        }
    }

    private static JsonNode said(String field, JsonNode line, JsonNode item) {
        return switch (field) {
            case "kind" -> line.path("type");
            case "item" -> item;
            case "threadId" -> line.path("thread_id");
            default -> item.isMissingNode() ? line.path(field) : item.path(RENAMED.getOrDefault(field, field));
        };
    }

    /** The parsed text, with each run of replacement characters reduced to one. */
    private static JsonNode tree(String text) throws IOException {
        return JSON.readTree(text.replaceAll("\uFFFD+", "\uFFFD"));
    }

    /** The event as a client parses it from the JSON string that contains it. */
    private static JsonNode written(CodexEventKind kind, byte[] line, int offset, int length) throws IOException {
        Utf8Buffer out = new Utf8Buffer(64).append("\"");
        new EventWriter(new JsonStringStream(out)).line(kind, 1767773350050L, line, offset, length);
        return tree(JSON.readValue(out.append("\"").toByteArray(), String.class));
    }

    @Property(tries = 200)
    @Domain(JsonLines.class)
    void oneWriterWritesTheSameAsOneWriterPerEvent(@ForAll byte[] stream) {
        ScannedLines scanned = ScannedLines.of(stream);
        Utf8Buffer together = new Utf8Buffer(64);
        Utf8Buffer alone = new Utf8Buffer(64);
        EventWriter writer = new EventWriter(together);
        for (int i = 0; i < scanned.lines().size(); i++) {
            CodexEventKind kind = scanned.lines().get(i).kind();
            int start = (int) scanned.lines().get(i).start();
            for (EventWriter each : List.of(writer, new EventWriter(alone))) {
                each.line(kind, 999L * i, stream, start, scanned.end(i) - start);
            }
        }

        assertThat(together.toByteArray()).isEqualTo(alone.toByteArray());
    }
}
