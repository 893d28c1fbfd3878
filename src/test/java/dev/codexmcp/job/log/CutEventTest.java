package dev.codexmcp.job.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An event longer than the limit of its page. */
class CutEventTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String WHOLE = "ask for 1";

    @Test
    void aLongTextIsCutWithANoteOnWhatIsMissingAndHowToGetIt() {
        String output =
                "{\"type\":\"item.completed\",\"item\":{\"id\":\"i\",\"type\":\"command_execution\",\"command\":\"cat a\",\"aggregated_output\":\""
                        + "x".repeat(100_000) + "\",\"exit_code\":0,\"status\":\"completed\"}}\n";

        String event = firstEvent(output, 10_000);
        int kept = event.lastIndexOf("x…") - event.indexOf("\"xx");

        assertThat(kept).isBetween(4000, 10_000);
        assertThatJson(event)
                .node("content")
                .isEqualTo(
                        "{\"kind\":\"item.completed\",\"itemType\":\"command_execution\",\"itemId\":\"i\",\"command\":\"cat a\","
                                + "\"status\":\"completed\",\"exitCode\":0,\"aggregatedOutput\":\"" + "x".repeat(kept)
                                + "… [cut: " + (100_000 - kept) + " of 100000 characters are missing; " + WHOLE
                                + "]\"}");
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 2000, 32 * 1024})
    void theWholePageStaysWithinTheBudget(int maxBytes) {
        for (String text : new String[] {"x", "é", "😀", "\\n", "\\u0001", "\\\"", "\\ud800"}) {
            byte[] page = page(FakeLogs.message(text.repeat(50_000)), maxBytes);

            assertThat(page.length).as(text).isLessThanOrEqualTo(maxBytes).isGreaterThan(maxBytes / 5);
        }
    }

    @ParameterizedTest
    @CsvSource({"17000, numbers", "17000, names", "17000, nesting"})
    void anEventWithoutLongTextsIsReplacedByANote(int size, String what) {
        String value = switch (what) {
            case "numbers" -> "1".repeat(size);
            case "names" -> "{\"" + "n".repeat(size) + "\":1}";
            default -> "[".repeat(size / 2) + "]".repeat(size / 2);
        };
        String event =
                "{\"type\":\"progress\",\"content\":{\"v\":" + value + "},\"timestamp\":\"2026-01-07T08:09:10.050Z\"}";

        assertThatJson(firstEvent("{\"v\":" + value + "}\n", 10_000))
                .isObject()
                .containsOnlyKeys("type", "content", "timestamp")
                .containsEntry("type", "progress")
                .node("content")
                .isEqualTo("{\"cut\":\"[this event of " + event.length() + " bytes is omitted; " + WHOLE + "]\"}");
    }

    @Test
    void aCutEventCountsAsShownAndCanBeRequestedWhole() {
        EventLog log = FakeLogs.sealed(FakeLogs.message("x".repeat(50_000)) + FakeLogs.message("y"));

        assertThat(new String(
                        EventPage.escaped(log, new EventQuery(1, 200, 5000, true, Set.of()), FakeLogs.WORDING)
                                .toByteArray(),
                        UTF_8))
                .startsWith("{\\\"nextCursor\\\":\\\"2\\\",\\\"done\\\":false,");
        assertThat(new String(
                        EventPage.plain(log, new EventQuery(1, 1, Long.MAX_VALUE, false, Set.of()), FakeLogs.WORDING)
                                .toByteArray(),
                        UTF_8))
                .contains("\"text\":\"" + "x".repeat(50_000) + "\"");
    }

    @Test
    void anEventThatFitsAPageOfItsOwnIsLeftForTheNextPage() throws IOException {
        EventLog log = FakeLogs.sealed(FakeLogs.message("a".repeat(3000)) + FakeLogs.message("b".repeat(3000)));

        JsonNode page =
                JSON.readTree(EventPage.plain(log, new EventQuery(1, 200, 5000, true, Set.of()), FakeLogs.WORDING)
                        .toByteArray());
        assertThat(page.path("events")).hasSize(1);
        assertThat(page.path("events").get(0).path("content").path("text").textValue())
                .isEqualTo("a".repeat(3000));
        assertThat(page.path("nextCursor").textValue()).isEqualTo("2");
    }

    @Property(tries = 100)
    void aCutEventIsValidJsonAndKeepsItsShortValues(
            @ForAll String text, @ForAll @IntRange(min = 1, max = 5000) int maxBytes) throws IOException {
        String quoted = JSON.writeValueAsString(text + "x".repeat(6000));
        JsonNode event = JSON.readTree(firstEvent(
                "{\"n\":-1500.0,\"t\":true,\"z\":null,\"l\":[1,\"short\"],\"s\":" + quoted + "}\n", maxBytes));

        if (!event.path("content").has("cut")) {
            assertThat(event.path("content").path("s").textValue()).contains("characters are missing");
            assertThatJson(event.path("content"))
                    .whenIgnoringPaths("s")
                    .isEqualTo("{\"n\":-1500.0,\"t\":true,\"z\":null,\"l\":[1,\"short\"]}");
        }
    }

    private static String firstEvent(String output, int maxBytes) {
        String page = new String(page(output, maxBytes), UTF_8);
        return page.substring("{\"nextCursor\":\"2\",\"done\":false,\"events\":[".length(), page.lastIndexOf("]}"));
    }

    private static byte[] page(String output, int maxBytes) {
        return EventPage.plain(
                        FakeLogs.sealed(output), new EventQuery(1, 1, maxBytes, true, Set.of()), FakeLogs.WORDING)
                .toByteArray();
    }
}
