package dev.codexmcp.job.log;

import static dev.codexmcp.codex.event.CodexEventKind.FINAL;
import static dev.codexmcp.codex.event.CodexEventKind.OUT_OF_MEMORY;
import static dev.codexmcp.codex.event.CodexEventKind.SPAWNED;
import static dev.codexmcp.codex.event.CodexEventKind.UNKNOWN;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.codex.event.CodexEventKind;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A log whose index can't grow any more. */
class FullLogTest {
    private final List<String> reported = new ArrayList<>();
    private int grants;

    /** A log whose index may have this many arrays: two hold eight entries, two of them reserved. */
    private EventLog log(int arrays) {
        grants = arrays;
        return FakeLogs.spawned(new EventLog(FakeLogs::ownEvent, () -> reported.add("full"), this::grant));
    }

    private long[] grant(int size) {
        if (grants-- <= 0) {
            throw new OutOfMemoryError("no array of " + size);
        }
        return new long[size];
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void aFullLogReportsThatOnceAndStillTakesItsLastEvent(int arrays) {
        EventLog log = log(arrays);
        for (int i = 0; i < 20; i++) {
            FakeLogs.say(log, "1\n");
        }
        log.ended();
        log.seal(2000);

        assertThat(reported).containsExactly("full");
        assertThat(kinds(log))
                .containsExactly(SPAWNED, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, OUT_OF_MEMORY, FINAL);
        assertThat(log.reader().complete()).isTrue();
        assertThat(log.has(OUT_OF_MEMORY)).isTrue();
    }

    @Test
    void anUnterminatedLineThatDoesNotFitIsLostAndReported() {
        for (boolean ended : new boolean[] {false, true}) {
            EventLog log = log(2);
            FakeLogs.say(log, "1\n1\n1\n1\n1\n1");
            if (ended) {
                log.ended();
            }
            log.seal(2000);

            assertThat(kinds(log)).endsWith(UNKNOWN, OUT_OF_MEMORY, FINAL).hasSize(8);
        }
    }

    @Test
    void aFailedReportIsRepeatedWithTheNextPiece() {
        int[] tries = {0};
        grants = 2;
        EventLog log = new EventLog(
                FakeLogs::ownEvent,
                () -> {
                    if (++tries[0] < 3) {
                        throw new OutOfMemoryError("still full");
                    }
                },
                this::grant);
        for (int i = 0; i < 20; i++) {
            FakeLogs.say(log, "1\n");
        }

        assertThat(tries[0]).isEqualTo(3);
    }

    @Test
    void aFullLogIsNotTrimmed() {
        EventLog log = log(2);
        FakeLogs.say(log, "1\n".repeat(20));
        log.seal(2000);
        log.trim();

        assertThat(kinds(log)).endsWith(OUT_OF_MEMORY, FINAL);
    }

    @Test
    void trimmingDoesNotChangeTheEvents() {
        EventLog log = FakeLogs.open();
        FakeLogs.say(log, "1\n".repeat(5000) + "oops");
        log.trim(); // too early: nothing happens
        FakeLogs.say(log, "oops\n");
        log.seal(2000);
        List<CodexEventKind> before = kinds(log);
        LogReader reader = log.reader();
        log.trim();

        assertThat(kinds(log)).isEqualTo(before).hasSize(5003);
        assertThat(new String(log.reader().line(5001).toByteArray(), UTF_8)).isEqualTo("oopsoops\n");
        assertThat(reader.size()).isEqualTo(5003);
    }

    private static List<CodexEventKind> kinds(EventLog log) {
        LogReader reader = log.reader();
        return IntStream.range(0, reader.size()).mapToObj(reader::kind).toList();
    }
}
