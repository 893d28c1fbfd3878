package dev.codexmcp.codex;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ThreadRecordTest {
    private static final String THREAD = "01a1ff97-9ceb-7fc3-a3ba-36c7f32604d2";
    private static final String META = line("session_meta", "\"id\":\"" + THREAD + "\"");
    private static final String CONTEXT =
            line("response_item", "\"type\":\"message\",\"role\":\"user\",\"content\":[]");
    private static final String TURN = line("turn_context", "\"turn_id\":\"t\"");
    private static final String PROMPT =
            line("response_item", "\"type\":\"message\",\"role\":\"user\",\"content\":[{\"text\":\"do it\"}]");
    private static final String ANSWER = line("response_item", "\"type\":\"message\",\"role\":\"assistant\"");

    @TempDir
    Path home;

    private static String line(String type, String payload) {
        return "{\"timestamp\":\"2026-11-21T19:31:28.640Z\",\"type\":\"" + type + "\",\"payload\":{" + payload + "}}\n";
    }

    private ThreadRecord of(String content) throws IOException {
        Path day = Files.createDirectories(home.resolve("sessions/2026/11/21"));
        Files.writeString(day.resolve("rollout-2026-11-21T19-31-28-" + THREAD + ".jsonl"), content);
        return record();
    }

    private ThreadRecord record() {
        return ThreadRecord.of(new SessionFiles(home.resolve("sessions"), Clock.systemUTC()), THREAD);
    }

    @Test
    void aTurnIsRecordedOnceItsPromptIs() throws IOException {
        assertThat(of("")).isEqualTo(ThreadRecord.WITHOUT_PROMPT);
        assertThat(of(META)).isEqualTo(ThreadRecord.WITHOUT_PROMPT);
        // The CLI's own words about the environment are in the user's name too.
        assertThat(of(META + CONTEXT)).isEqualTo(ThreadRecord.WITHOUT_PROMPT);
        assertThat(of(META + CONTEXT + TURN)).isEqualTo(ThreadRecord.WITHOUT_PROMPT);
        assertThat(of(META + CONTEXT + TURN + PROMPT)).isEqualTo(ThreadRecord.WITH_PROMPT);
        assertThat(of(META + CONTEXT + TURN + PROMPT + ANSWER)).isEqualTo(ThreadRecord.WITH_PROMPT);
    }

    @Test
    void theLastTurnCounts() throws IOException {
        String first = META + CONTEXT + TURN + PROMPT + ANSWER;

        assertThat(of(first + TURN)).isEqualTo(ThreadRecord.WITHOUT_PROMPT);
        assertThat(of(first + TURN + PROMPT)).isEqualTo(ThreadRecord.WITH_PROMPT);
    }

    @Test
    void aTruncatedLineIsNotARecord() throws IOException {
        assertThat(of(META + TURN + PROMPT.strip())).isEqualTo(ThreadRecord.WITHOUT_PROMPT);
        assertThat(of(META + TURN + PROMPT + ANSWER.substring(0, 50))).isEqualTo(ThreadRecord.WITH_PROMPT);
    }

    @Test
    void aThreadWithoutAFileIsMissingOnlyIfThereAreSessions() throws IOException {
        assertThat(record()).isEqualTo(ThreadRecord.UNKNOWN);
        Files.createDirectories(home.resolve("sessions"));
        assertThat(record()).isEqualTo(ThreadRecord.MISSING);
    }
}
