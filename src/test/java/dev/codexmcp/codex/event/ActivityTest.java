package dev.codexmcp.codex.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.codex.event.RetryNotice.Attention;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ActivityTest {
    private static final String TURN = "{\"type\":\"turn.started\"}";
    private static final String RETRY =
            "{\"type\":\"error\",\"message\":\"Reconnecting... 3/5 (exceeded retry limit, last"
                    + " status: 429 Too Many Requests)\"}";

    private static Activity activity(List<String> lines) {
        EventList events = EventList.of(lines);
        return Activity.of(events, events.time(events.size() - 1) + 12_500, ZoneOffset.UTC, "/workspace/demo");
    }

    private static Activity activity(String... lines) {
        return activity(List.of(lines));
    }

    private static String item(String event, String id, String members) {
        return "{\"type\":\"item." + event + "\",\"item\":{\"id\":\"" + id + "\"," + members + "}}";
    }

    private static String command(String event, String id) {
        return item(event, id, "\"type\":\"command_execution\",\"command\":\"/bin/bash -lc 'sleep " + id + "'\"");
    }

    private static OptionalLong at(int event) {
        return OptionalLong.of(EventList.START + event * 1000L);
    }

    /** What a worker is doing after the given number of lines of a recording; not idle if no second is given. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "command-fails | 1 | starts | 1",
                "command-fails | 2 | waits for the model | 2",
                "command-fails | 3 | says: I will run it | 3",
                "command-fails | 4 | runs: echo out; echo err >&2; touch made; exit 3 (12 s) | -",
                "command-fails | 5 | waits for the model | 5",
                "command-fails | 7 | ends | 7",
                "message-and-reasoning | 3 | thinks | 3",
                "file-change | 3 | edits a.txt | -",
                "file-change | 4 | edits a.txt | 4",
                "mcp-tool-call | 3 | calls codex-cli-wrapper.ping (12 s) | -",
                "mcp-tool-call | 4 | waits for the model | 4",
                "web-search-duplicate-id | 3 | searches: java mcp sdk (12 s) | -",
                "web-search-duplicate-id | 4 | waits for the model | 4",
                "todo-list | 3 | plans | 3",
                "turn-failed-after-message | 5 | fails: stream disconnected before completion: x boom | 5",
                "failures/rate-429-retry-after | 4 | reconnects 2/5: 429 | 2",
                "failures/network-refused | 4 | reconnects: network | 2",
                "failures/rl429once-default | 5 | says: ok after 429 | 5",
                "failures/overload-503-code | 3 | reports: Selected model is at capacity. Please try a different model. | 2",
            })
    void theLastLinesShowWhatAWorkerIsDoing(String recording, int lines, String doing, Integer idleSince) {
        Activity activity = activity(EventList.recorded(recording).subList(0, lines));

        assertThat(activity.doing()).isEqualTo(doing);
        assertThat(activity.idleSince()).isEqualTo(idleSince == null ? OptionalLong.empty() : at(idleSince));
    }

    @Test
    void aWorkerWithoutOutputIsStarting() {
        assertThat(activity()).isEqualTo(new Activity("starts", at(0), java.util.Optional.empty()));
    }

    @Test
    void uninformativeLinesAreSkippedButAreASignOfLife() {
        Activity activity = activity(
                TURN,
                item("completed", "1", "\"type\":\"reasoning\",\"text\":\"hm\""),
                item("completed", "2", "\"type\":\"error\",\"message\":\"a warning\""),
                "{\"type\":\"something.new\"}",
                "no JSON");

        assertThat(activity.doing()).isEqualTo("thinks");
        assertThat(activity.idleSince()).isEqualTo(at(5));
    }

    @Test
    void reportsTheConcurrentCommandThatIsStillRunning() {
        Activity activity = activity(
                TURN,
                command("started", "1"),
                command("started", "2"),
                command("started", "3"),
                command("completed", "3"),
                command("completed", "1"));

        assertThat(activity.doing()).isEqualTo("runs: sleep 2 (15 s)");
        assertThat(activity.idleSince()).isEmpty();
    }

    @Test
    void isIdleOnceAllCommandsAreFinished() {
        assertThat(activity(
                                TURN,
                                command("started", "1"),
                                command("started", "2"),
                                command("completed", "1"),
                                command("completed", "2"))
                        .idleSince())
                .isEqualTo(at(5));
    }

    @Test
    void aBackgroundCommandDoesNotCountAsActivityOnceTheAgentContinues() {
        Activity activity = activity(
                TURN,
                command("started", "1"),
                item("completed", "2", "\"type\":\"agent_message\",\"text\":\"It serves.\""));

        assertThat(activity.doing()).isEqualTo("says: It serves.");
        assertThat(activity.idleSince()).isEqualTo(at(3));
    }

    @Test
    void aMillionErrorsAreNoSignOfLifeAndAreCheapToSkip() {
        List<String> lines = new ArrayList<>(List.of(TURN));
        lines.addAll(Collections.nCopies(1_000_000, RETRY));
        EventList events = EventList.of(lines);

        assertThat(Activity.idleSince(events)).isEqualTo(at(1));
        assertThat(events.linesRead()).isZero();
        Activity activity = Activity.of(events, events.time(events.size() - 1), ZoneOffset.UTC, "/");
        assertThat(activity.idleSince()).isEqualTo(at(1));
        assertThat(activity.doing()).isEqualTo("reconnects 3/5: 429");
        assertThat(activity.retry())
                .hasValueSatisfying(retry -> assertThat(retry.attention()).isEqualTo(Attention.RATE_LIMITED));
        assertThat(events.linesRead()).isEqualTo(1);
    }

    @Test
    void aSuccessfulRetryIsOver() {
        assertThat(activity(TURN, RETRY, item("completed", "1", "\"type\":\"agent_message\",\"text\":\"hi\""))
                        .retry())
                .isEmpty();
    }

    @Test
    void shortensTheTextToOneLine() {
        String text = "\\n a  b " + "\uD83D\uDE00".repeat(200);
        Activity says = activity(item("completed", "1", "\"type\":\"agent_message\",\"text\":\"" + text + "\""));
        Activity runs = activity(item("started", "1", "\"type\":\"command_execution\",\"command\":\"" + text + "\""));

        assertThat(says.doing())
                .startsWith("says: a b \uD83D\uDE00")
                .endsWith("…")
                .hasSizeLessThanOrEqualTo(80);
        assertThat(runs.doing())
                .startsWith("runs: a b \uD83D\uDE00")
                .endsWith("… (12 s)")
                .hasSizeLessThanOrEqualTo(80);
    }

    @Test
    void countsSeveralFiles() {
        assertThat(activity(item(
                                "completed",
                                "1",
                                "\"type\":\"file_change\",\"status\":\"completed\",\"changes\":[{\"path\":\"/etc/a\"},"
                                        + "{\"path\":\"/etc/b\"},{\"path\":\"/etc/c\"}]"))
                        .doing())
                .isEqualTo("edits /etc/a and 2 more");
    }
}
