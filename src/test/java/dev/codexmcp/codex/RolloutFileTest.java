package dev.codexmcp.codex;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.json.ByteSlice;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RolloutFileTest {
    private static final Path RECORDINGS = Path.of("src/test/resources/codex-0.169.0/usage");

    /** Created on 2026-11-21 at 16:09:28 UTC. */
    private static final String THREAD = "01a1fede-ad80-75e2-bc6d-35b35fb90932";

    private static final Instant START = Instant.parse("2026-11-21T13:46:00Z");
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-21T16:10:00Z"), ZoneOffset.UTC);

    @TempDir
    Path home;

    private Path file = Path.of("");
    private List<String> recorded = List.of();

    @BeforeEach
    void makeFolder() throws IOException {
        file = file("2026/11/21");
        recorded = Files.readAllLines(RECORDINGS.resolve("rollout-token_count-lines.jsonl"));
    }

    private Path file(String day) throws IOException {
        return Files.createDirectories(home.resolve("sessions").resolve(day))
                .resolve("rollout-2026-11-21T16-09-28-" + THREAD + ".jsonl");
    }

    private RolloutFile rollout(Instant startedAt) {
        return new RolloutFile(new SessionFiles(home.resolve("sessions"), CLOCK), THREAD, startedAt);
    }

    private void append(String text) throws IOException {
        Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static TokenUsage responses(int count) {
        return new TokenUsage(100L * count, 10L * count, 20L * count, 5L * count);
    }

    private static TokenUsage polled(RolloutFile rollout) {
        rollout.poll();
        return rollout.usage().orElse(TokenUsage.NONE);
    }

    @Test
    void updatesTheTotalsWithEachLine() throws IOException {
        RolloutFile rollout = rollout(START);
        assertThat(polled(rollout)).isEqualTo(TokenUsage.NONE);
        for (int i = 0; i < recorded.size(); i++) {
            append("{\"type\":\"response_item\"}\n" + recorded.get(i) + "\n");
            assertThat(polled(rollout)).isEqualTo(responses(i + 1));
        }
        assertThat(rollout.usage().orElseThrow().total()).isEqualTo(480);
        assertThat(rollout.baseline()).contains(TokenUsage.NONE);
    }

    @Test
    void countsALineOnceItIsComplete() throws IOException {
        RolloutFile rollout = rollout(START);
        append(recorded.get(0).substring(0, 100));
        assertThat(polled(rollout)).isEqualTo(TokenUsage.NONE);
        append(recorded.get(0).substring(100));
        assertThat(polled(rollout)).isEqualTo(TokenUsage.NONE);
        append("\n");
        assertThat(polled(rollout)).isEqualTo(responses(1));
    }

    @Test
    void countsOnlyThisJobsUsageOfAResumedThread() throws IOException {
        append(String.join("\n", recorded) + "\n");
        RolloutFile rollout = rollout(Instant.parse("2026-11-21T13:46:11.920Z")); // after two of four

        assertThat(polled(rollout)).isEqualTo(responses(2));
        assertThat(rollout.baseline()).contains(responses(2));
    }

    @Test
    void subtractsTheParentsUsageOfAForkedThread() throws IOException {
        append(recorded.get(2) + "\n" + recorded.get(3) + "\n");
        RolloutFile rollout = rollout(START);

        assertThat(polled(rollout)).isEqualTo(responses(2));
        assertThat(rollout.baseline()).contains(responses(2));
    }

    @Test
    void reportsNoUsageUntilAResumedThreadAddsSome() throws IOException {
        append(recorded.get(0) + "\n");
        RolloutFile rollout = rollout(Instant.parse("2026-11-21T16:00:00Z"));
        rollout.poll();

        assertThat(rollout.usage()).isEmpty();
        assertThat(rollout.baseline()).isEmpty();
    }

    @Test
    void readsAReplacedOrTruncatedFileAgain() throws IOException {
        RolloutFile rollout = rollout(START);
        append(recorded.get(0) + "\n" + recorded.get(1) + "\n");
        rollout.poll();

        Files.writeString(file, recorded.get(3) + "\n"); // shorter
        assertThat(polled(rollout)).isEqualTo(responses(4));

        Path other = home.resolve("other");
        Files.writeString(other, String.join("\n", recorded.subList(0, 3)) + "\n");
        Files.move(other, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertThat(polled(rollout)).isEqualTo(responses(3));
    }

    @Test
    void keepsTheUsageOfAFileThatVanishes() throws IOException {
        RolloutFile rollout = rollout(START);
        append(recorded.get(0) + "\n");
        rollout.poll();
        Files.delete(file);

        assertThat(polled(rollout)).isEqualTo(responses(1));
        append(recorded.get(1) + "\n");
        assertThat(polled(rollout)).isEqualTo(responses(2));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no JSON \"token_count\"",
                "{\"type\":\"event_msg\",\"payload\":{\"type\":\"token_count\"",
                "{\"type\":\"event_msg\",\"payload\":{\"type\":\"token_count\",\"info\":null}}",
                "{\"type\":\"event_msg\",\"payload\":{\"type\":\"token_count\",\"info\":[{}]}}",
                "{\"type\":\"event_msg\",\"payload\":{\"type\":\"token_count\",\"info\":{\"total_token_usage\":7}}}",
                "{\"type\":\"event_msg\",\"payload\":{\"type\":\"token_count\",\"info\":{\"total_token_usage\":"
                        + "{\"input_tokens\":-1,\"output_tokens\":2}}}}",
                "{\"type\":\"event_msg\",\"payload\":{\"type\":\"token_count\",\"info\":{\"total_token_usage\":"
                        + "{\"input_tokens\":1e9,\"output_tokens\":99999999999999999999}}}}",
                "{\"type\":\"response_item\",\"payload\":{\"type\":\"token_count\",\"info\":{\"total_token_usage\":"
                        + "{\"input_tokens\":1,\"output_tokens\":2}}}}",
                "{\"type\":\"event_msg\",\"payload\":\"\\\"token_count\\\"\",\"info\":{}}",
            })
    void skipsInvalidLines(String nonsense) throws IOException {
        append(nonsense + "\n" + recorded.get(0) + "\n" + nonsense + "\n");

        assertThat(polled(rollout(START))).isEqualTo(responses(1));
    }

    @Test
    void acceptsRandomBytes() throws IOException {
        Random random = new Random(7);
        byte[] head = "{\"type\":\"event_msg\",\"payload\":{\"type\":\"token_count\",".getBytes(StandardCharsets.UTF_8);
        byte[] source = recorded.get(0).getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 2000; i++) {
            byte[] line = source.clone();
            for (int j = random.nextInt(5); j >= 0; j--) {
                line[random.nextInt(line.length)] = (byte) random.nextInt(256);
            }
            UsageLines.count(ByteSlice.of(line));
            UsageLines.count(new ByteSlice(head, 0, random.nextInt(head.length)));
        }
    }

    @Test
    void skipsLongLinesAndReadsALargeFileInSeveralPolls() throws IOException {
        append("{\"long\":\"" + "x".repeat(RolloutFile.MOST_A_POLL + 100_000) + "\"}\n" + recorded.get(0) + "\n");
        RolloutFile rollout = rollout(START);

        assertThat(polled(rollout)).isEqualTo(TokenUsage.NONE);
        assertThat(polled(rollout)).isEqualTo(responses(1));
    }

    @ParameterizedTest
    @CsvSource({"2026/11/21", "2026/11/20", "2026/11/22", "2025/02/03"})
    void findsTheFileOfAnyDay(String day) throws IOException {
        file = file(day);
        append(recorded.get(0) + "\n");

        assertThat(polled(rollout(START))).isEqualTo(responses(1));
    }

    @Test
    void findsAnOlderThreadByTheTimeInItsId() throws IOException {
        Clock nextMonth = Clock.fixed(Instant.parse("2026-12-24T00:00:00Z"), ZoneId.of("Pacific/Auckland"));
        file = file("2026/11/22"); // tomorrow in the CLI's time zone
        append("");

        assertThat(new SessionFiles(home.resolve("sessions"), nextMonth).find(THREAD))
                .contains(file);
    }

    @Test
    void doesNotSearchForAnInvalidThreadId() {
        SessionFiles files = new SessionFiles(home.resolve("sessions"), CLOCK);

        assertThat(files.find("../../etc")).isEmpty();
        assertThat(files.search("*")).isEmpty();
    }

    @Test
    void locatesTheFilesByTheWorkersEnvironment() {
        assertThat(SessionFiles.of(Map.of("CODEX_HOME", "/c", "HOME", "/h")).folder())
                .isEqualTo(Path.of("/c/sessions"));
        assertThat(SessionFiles.of(Map.of("CODEX_HOME", "", "HOME", "/h")).folder())
                .isEqualTo(Path.of("/h/.codex/sessions"));
    }

    @ParameterizedTest
    @CsvSource({"twostep, 3", "fork, 4", "schema-resume, 4"})
    void readsTheThreadsUsageFromTheEndOfATurn(String recording, int responses) throws IOException {
        List<String> lines = Files.readAllLines(RECORDINGS.resolve(recording + ".jsonl"));
        byte[] last = lines.get(lines.size() - 1).getBytes(StandardCharsets.UTF_8);

        assertThat(UsageLines.ofTurn(ByteSlice.of(last))).contains(responses(responses));
        assertThat(UsageLines.ofTurn(ByteSlice.of(lines.get(0).getBytes(StandardCharsets.UTF_8))))
                .isEmpty();
    }

    @Test
    void aDifferenceIsNeverNegative() {
        assertThat(responses(3).since(responses(1))).isEqualTo(responses(2));
        assertThat(responses(1).since(responses(3))).isEqualTo(TokenUsage.NONE);
    }
}
