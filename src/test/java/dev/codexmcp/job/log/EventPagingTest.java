package dev.codexmcp.job.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.codexmcp.codex.event.EventType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventPagingTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int EVERYTHING = Integer.MAX_VALUE;

    @Property(tries = 300)
    void theCursorNeitherSkipsNorRepeats(
            @ForAll @Size(max = 15) List<@IntRange(max = 12) Integer> lines,
            @ForAll @Size(min = 1, max = 6) List<@IntRange(min = 1, max = 7) Integer> maxEvents,
            @ForAll @Size(min = 1, max = 6) List<@IntRange(min = 1, max = 1500) Integer> maxBytes,
            @ForAll @Size(max = 3) Set<EventType> types,
            @ForAll boolean cutLongTexts) {
        EventLog log = FakeLogs.open();
        List<JsonNode> seen = new ArrayList<>();
        int cursor = 0;
        int said = 0;
        for (int i = 0; i < lines.size(); i++) {
            for (int end = said + lines.get(i); said < end; said++) {
                FakeLogs.say(log, line(said));
            }
            EventQuery query = new EventQuery(
                    cursor,
                    maxEvents.get(i % maxEvents.size()),
                    maxBytes.get(i % maxBytes.size()),
                    cutLongTexts,
                    types);
            JsonNode page = read(log, query);
            assertThat(page.path("done").booleanValue()).isFalse();
            page.path("events").forEach(seen::add);
            cursor = page.path("nextCursor").asInt();
        }
        log.seal(2000);
        for (boolean done = false; !done; ) {
            EventQuery query = new EventQuery(cursor, maxEvents.get(0), maxBytes.get(0), cutLongTexts, types);
            JsonNode page = read(log, query);
            page.path("events").forEach(seen::add);
            done = page.path("done").booleanValue();
            assertThat(page.path("nextCursor").asInt()).isGreaterThan(done ? cursor - 1 : cursor);
            cursor = page.path("nextCursor").asInt();
        }

        assertThat(cursor).isEqualTo(said + 2);
        assertThat(seen.stream().map(EventPagingTest::which))
                .isEqualTo(all(log, types).stream().map(EventPagingTest::which).toList());
        if (!cutLongTexts) {
            assertThat(seen).isEqualTo(all(log, types));
        }
    }

    @Test
    void theCursorNeitherSkipsNorRepeatsWhileAnotherThreadAppends() {
        EventLog log = FakeLogs.open();
        int lines = 30_000;
        CompletableFuture<Void> worker = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < lines; i++) {
                FakeLogs.say(log, FakeLogs.error(Integer.toString(i)));
            }
            log.seal(2000);
        });
        List<JsonNode> seen = new ArrayList<>();
        int cursor = 0;
        boolean done = false;
        while (!done) {
            JsonNode page = read(log, new EventQuery(cursor, 500, EVERYTHING, false, Set.of()));
            page.path("events").forEach(seen::add);
            cursor = page.path("nextCursor").asInt();
            done = page.path("done").booleanValue();
        }
        worker.join();

        assertThat(seen).hasSize(lines + 2);
        assertThat(seen.get(0).path("content").path("kind").textValue()).isEqualTo("spawned");
        for (int i = 0; i < lines; i++) {
            assertThat(seen.get(i + 1).path("content").path("message").textValue())
                    .isEqualTo(Integer.toString(i));
        }
        assertThat(seen.get(lines + 1).path("type").textValue()).isEqualTo("final");
    }

    @Test
    void aFilterKeepsTheCursorValid() {
        EventLog log = FakeLogs.sealed(
                FakeLogs.error("e1") + FakeLogs.message("m1") + FakeLogs.message("m2") + FakeLogs.error("e2"));

        assertThat(page(log, new EventQuery(0, 1, EVERYTHING, false, Set.of(EventType.ERROR))))
                .isEqualTo("error:e1 next 2 done false");
        assertThat(page(log, new EventQuery(2, 1, EVERYTHING, false, Set.of(EventType.ERROR))))
                .isEqualTo("error:e2 next 5 done false");
        assertThat(page(log, new EventQuery(5, 1, EVERYTHING, false, Set.of(EventType.ERROR))))
                .isEqualTo(" next 6 done true");
        assertThat(page(log, new EventQuery(2, 9, EVERYTHING, false, Set.of(EventType.MESSAGE, EventType.FINAL))))
                .isEqualTo("message:m1 message:m2 final:final next 6 done true");
        assertThat(page(log, new EventQuery(0, 9, EVERYTHING, false, Set.of(EventType.TOOL_CALL))))
                .isEqualTo(" next 6 done true");
    }

    @Test
    void theCursorOfARunningJobMovesPastFilteredEvents() {
        EventLog log = FakeLogs.open();
        FakeLogs.say(log, FakeLogs.error("e1"));
        EventQuery messages = new EventQuery(0, 9, EVERYTHING, false, Set.of(EventType.MESSAGE));

        assertThat(page(log, messages)).isEqualTo(" next 2 done false");
        FakeLogs.say(log, FakeLogs.message("m1"));
        assertThat(page(log, new EventQuery(2, 9, EVERYTHING, false, Set.of(EventType.MESSAGE))))
                .isEqualTo("message:m1 next 3 done false");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 9, 'progress:spawned error:e1 error:e2 final:final next 4 done true'",
        "0, 4, 'progress:spawned error:e1 error:e2 final:final next 4 done true'",
        "0, 3, 'progress:spawned error:e1 error:e2 next 3 done false'",
        "3, 9, 'final:final next 4 done true'",
        "4, 9, ' next 4 done true'",
        "999, 9, ' next 4 done true'",
    })
    void aPageIsTheLastIfItReachesTheLastEvent(int cursor, int maxEvents, String expected) {
        EventLog log = FakeLogs.sealed(FakeLogs.error("e1") + FakeLogs.error("e2"));

        assertThat(page(log, new EventQuery(cursor, maxEvents, EVERYTHING, false, Set.of())))
                .isEqualTo(expected);
    }

    @Test
    void noPageOfARunningJobIsTheLast() {
        EventLog log = FakeLogs.open();
        FakeLogs.say(log, "{\"type\":\"turn.completed\"}\n");
        log.ended();

        assertThat(page(log, new EventQuery(0, 9, EVERYTHING, false, Set.of())))
                .isEqualTo("progress:spawned progress:turn.completed next 2 done false");
        log.seal(2000);
        assertThat(page(log, new EventQuery(2, 9, EVERYTHING, false, Set.of())))
                .isEqualTo("final:final next 3 done true");
    }

    @Test
    void aPageWithoutMaxEventsEndsAtTheByteBudget() {
        int budget = 32 * 1024;
        EventLog log = FakeLogs.sealed(FakeLogs.error("é".repeat(500)).repeat(100));
        int events = 0;
        int cursor = 0;
        boolean done = false;
        while (!done) {
            byte[] bytes = bytes(log, new EventQuery(cursor, 200, budget, true, Set.of()));
            JsonNode page = tree(bytes);
            done = page.path("done").booleanValue();
            events += page.path("events").size();
            cursor = page.path("nextCursor").asInt();

            assertThat(bytes.length).isLessThanOrEqualTo(budget);
            // So full that another event, of less than 1,200 bytes, does not fit.
            assertThat(done || bytes.length > budget - 1200).isTrue();
        }
        assertThat(events).isEqualTo(102);
    }

    @ParameterizedTest
    @CsvSource({"1, false", "1, true", "500, false", "500, true"})
    void aPageHoldsAtLeastOneEventHoweverSmallTheBudget(int maxBytes, boolean cutLongTexts) {
        EventLog log = FakeLogs.sealed(FakeLogs.error("x".repeat(1000)));

        JsonNode page = read(log, new EventQuery(1, 200, maxBytes, cutLongTexts, Set.of()));

        assertThat(page.path("events")).hasSize(1);
        assertThat(page.path("nextCursor").textValue()).isEqualTo("2");
        assertThat(page.path("events")
                                .get(0)
                                .path("content")
                                .path("message")
                                .asText()
                                .length()
                        == 1000)
                .isEqualTo(!cutLongTexts);
    }

    @Property(tries = 200)
    void theEscapedPageIsTheSamePage(
            @ForAll @Size(max = 20) List<@IntRange(max = 40) Integer> lines,
            @ForAll @IntRange(min = 1, max = 10) int maxEvents)
            throws IOException {
        EventLog log = FakeLogs.open();
        lines.forEach(line -> FakeLogs.say(log, line(line)));
        EventQuery query = new EventQuery(0, maxEvents, EVERYTHING, false, Set.of());

        String escaped =
                new String(EventPage.escaped(log, query, FakeLogs.WORDING).toByteArray(), UTF_8);
        assertThat(JSON.readValue('"' + escaped + '"', String.class))
                .isEqualTo(
                        new String(EventPage.plain(log, query, FakeLogs.WORDING).toByteArray(), UTF_8));
    }

    /** Lines of every type, some of them long, some between blank ones. */
    private static String line(int number) {
        String text = "n" + number + "é😀\\n\\\"".repeat(number % 7 == 6 ? 100 : 1);
        return switch (number % 5) {
            case 0 -> FakeLogs.message(text);
            case 1 -> "\n \r\n" + FakeLogs.error(text);
            case 2 -> "not json " + number + "\r\n";
            case 3 -> "{\"type\":\"new\",\"message\":\"" + text + "\"}\n";
            default ->
                "{\"type\":\"item.started\",\"item\":{\"id\":\"" + number + "\",\"type\":\"command_execution\"}}\n\n";
        };
    }

    /** Identifies an event, even if its texts are cut. */
    private static String which(JsonNode event) {
        return event.path("type").textValue() + event.path("timestamp").textValue();
    }

    private static List<JsonNode> all(EventLog log, Set<EventType> types) {
        List<JsonNode> events = new ArrayList<>();
        read(log, new EventQuery(0, EVERYTHING, Long.MAX_VALUE, false, Set.of()))
                .path("events")
                .forEach(event -> {
                    if (types.isEmpty()
                            || types.stream()
                                    .anyMatch(type -> type.wire()
                                            .equals(event.path("type").textValue()))) {
                        events.add(event);
                    }
                });
        return events;
    }

    /** A page in a few words. */
    private static String page(EventLog log, EventQuery query) {
        JsonNode page = read(log, query);
        StringBuilder words = new StringBuilder();
        for (JsonNode event : page.path("events")) {
            JsonNode content = event.path("content");
            JsonNode text = content.path(content.has("message") ? "message" : content.has("text") ? "text" : "kind");
            words.append(words.isEmpty() ? "" : " ")
                    .append(event.path("type").textValue())
                    .append(':')
                    .append(text.asText());
        }
        return words + " next " + page.path("nextCursor").textValue() + " done "
                + page.path("done").booleanValue();
    }

    private static JsonNode read(EventLog log, EventQuery query) {
        JsonNode tree = tree(bytes(log, query));
        assertThat(tree).hasSize(3);
        return tree;
    }

    private static byte[] bytes(EventLog log, EventQuery query) {
        return EventPage.plain(log, query, FakeLogs.WORDING).toByteArray();
    }

    private static JsonNode tree(byte[] json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
