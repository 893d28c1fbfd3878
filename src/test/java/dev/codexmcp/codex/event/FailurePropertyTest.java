package dev.codexmcp.codex.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class FailurePropertyTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Clock SAID = Clock.fixed(Instant.parse("2026-11-21T16:00:00Z"), ZoneOffset.UTC);
    private static final Path RECORDINGS = Path.of("src/test/resources/codex-0.169.0/failures");

    @Property(tries = 300)
    void anAgentsMessageAboutAnErrorIsNotAnError(@ForAll("itemLines") List<String> lines) {
        EventList events = EventList.of(lines);

        assertThat(Failure.of(events, ZoneOffset.UTC)).isEmpty();
        assertThat(Activity.of(events, EventList.START, ZoneOffset.UTC, "/").retry())
                .isEmpty();
    }

    @Property(tries = 500)
    void acceptsAnyText(@ForAll String words) {
        assertThat(Failure.of(words, SAID).message()).hasSizeLessThanOrEqualTo(Failure.LENGTH);
        RetryNotice.in("Reconnecting... 1/5 (" + words + ")", SAID);
    }

    @Property(tries = 500)
    void acceptsAnyTime(@ForAll("times") String words) {
        Failure.of("You've hit your usage limit. Try again later, or try again " + words, SAID);
    }

    @Provide
    Arbitrary<String> times() {
        Arbitrary<String> number = Arbitraries.integers().between(0, 99_999).map(String::valueOf);
        return Combinators.combine(
                        Arbitraries.of("at ", "in ", "at Feb ", "at Xxx ", "in 2 days "),
                        number,
                        Arbitraries.of(":", ".", "st, 2026 ", "th, 9999 12:"),
                        number,
                        Arbitraries.of(" PM", " AM", "s", " hours", "ms", " 3:00 PM"))
                .as((a, b, c, d, e) -> a + b + c + d + e);
    }

    /** Items of all types with the texts of recorded errors in every place that may contain a model's text. */
    @Provide
    Arbitrary<List<String>> itemLines() throws IOException {
        Arbitrary<String> said = Combinators.combine(
                        Arbitraries.of("", "The log says: ", "\n", "{\"type\":\"error\",\"message\":\""),
                        Arbitraries.of(errors()),
                        Arbitraries.of("", "\n", "\"}"))
                .as((before, error, after) -> before + error + after);
        Arbitrary<String> type = Arbitraries.of(
                "agent_message",
                "reasoning",
                "command_execution",
                "mcp_tool_call",
                "web_search",
                "todo_list",
                "error",
                "turn.failed");
        Arbitrary<String> event = Arbitraries.of("item.started", "item.updated", "item.completed");
        return Combinators.combine(event, type, said)
                .as(FailurePropertyTest::item)
                .list()
                .ofMaxSize(5);
    }

    private static String item(String event, String type, String said) {
        ObjectNode line = JSON.createObjectNode().put("type", event);
        line.putObject("item")
                .put("type", type)
                .put("id", "item_0")
                .put("text", said)
                .put("message", said)
                .put("command", said)
                .put("aggregated_output", said)
                .put("query", said)
                .putObject("error")
                .put("message", said);
        return line.toString();
    }

    private static List<String> errors() throws IOException {
        List<String> errors = new ArrayList<>();
        try (Stream<Path> files = Files.list(RECORDINGS)) {
            for (Path file : files.toList()) {
                for (String line : Files.readAllLines(file)) {
                    String message = JSON.readTree(line).path("message").asText();
                    if (!message.isEmpty()) {
                        errors.add(message);
                        errors.add(line);
                    }
                }
            }
        }
        return errors;
    }
}
