package dev.codexmcp.tool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.codexmcp.job.FakeFleet;
import dev.codexmcp.job.Job;
import dev.codexmcp.job.JobTimer;
import dev.codexmcp.job.QueueReason;
import dev.codexmcp.job.fleet.Fleet;
import dev.codexmcp.job.log.FakeLogs;
import dev.codexmcp.json.Json;
import dev.codexmcp.tool.schema.Arguments;
import dev.codexmcp.tool.schema.BadArgumentException;
import dev.codexmcp.tool.schema.ToolResult;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WaitToolTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ScheduledThreadPoolExecutor timer = JobTimer.create();
    private final FakeFleet jobs = new FakeFleet();
    private final Fleet fleet =
            new Fleet(jobs.registry(), timer, job -> Optional.of(new QueueReason.Permit()), Set::of);

    @AfterEach
    void stopTimer() {
        timer.shutdownNow();
    }

    private CompletableFuture<ToolResult> call(String arguments, Executor threads) throws Exception {
        return new WaitTool(fleet, jobs.scheduler(), jobs.changes(), timer, threads)
                .call(new Arguments(JSON.readTree(arguments), ""), Caller.UNKNOWN);
    }

    private JsonNode answer(String arguments) throws Exception {
        return json(call(arguments, Runnable::run).get());
    }

    private static String text(ToolResult result) {
        return new String(Json.bytes(((ToolResult.Json) result).object()), UTF_8);
    }

    private static JsonNode json(ToolResult result) throws Exception {
        return JSON.readTree(text(result));
    }

    private static List<String> ended(JsonNode answer) {
        return answer.path("ended").findValuesAsText("jobId");
    }

    @Test
    void anAnswerDescribesEachEnd() throws Exception {
        Job job = jobs.running("one");
        jobs.running("two");
        FakeFleet.message(job, "All done.");
        FakeFleet.end(job);

        JsonNode answer = answer("{\"count\":1}");

        JsonNode row = answer.path("ended").path(0);
        assertThat(row.path("status").asText()).isEqualTo("done");
        assertThat(row.path("finalMessage").asText()).isEqualTo("All done.");
        assertThat(row.path("finishedAt").asText()).endsWith("Z");
        assertThat(row.has("exitCode")).isFalse();
        assertThat(answer.path("pending")).isEqualTo(JSON.readTree("{\"queued\":0,\"running\":1}"));
        assertThat(answer.path("timedOut").asBoolean()).isFalse();
        assertThat(ended(answer("{\"timeoutMs\":0}"))).isEmpty();
    }

    @Test
    void messagesShareTheRoom() throws Exception {
        for (int i = 0; i < 3; i++) {
            Job job = jobs.running("job-" + i);
            FakeFleet.message(job, i == 0 ? "short" : "ü".repeat(20_000));
            FakeFleet.end(job);
        }

        ToolResult result = call("{\"maxBytes\":4000}", Runnable::run).get();

        assertThat(text(result).getBytes(UTF_8).length).isBetween(3500, 4000);
        List<String> messages = json(result).path("ended").findValuesAsText("finalMessage");
        assertThat(messages.get(0)).isEqualTo("short");
        assertThat(messages.subList(1, 3))
                .allSatisfy(message -> assertThat(message)
                        .startsWith("üüü")
                        .containsPattern("… \\[\\d+ characters more: codex_result]$"));
        assertThat(messages.get(1)).isEqualTo(messages.get(2));
    }

    @Test
    void attentionThatDoesNotFitComesNext() throws Exception {
        for (int i = 0; i < 30; i++) {
            FakeFleet.print(jobs.running("job-" + i), FakeLogs.error("Reconnecting... waiting for network (no route)"));
        }
        Job done = jobs.running("done");
        FakeFleet.message(done, "All done.");
        FakeFleet.end(done);

        List<String> woken = new ArrayList<>();
        for (int calls = 0; woken.size() < 30; calls++) {
            String text = text(call("{\"wakeOnAttention\":true,\"maxBytes\":2000}", Runnable::run)
                    .get());
            assertThat(text.getBytes(UTF_8).length).isLessThanOrEqualTo(2000);
            assertThat(JSON.readTree(text).path("attention")).isNotEmpty();
            assertThat(ended(JSON.readTree(text))).hasSize(calls == 0 ? 1 : 0);
            woken.addAll(JSON.readTree(text).path("attention").findValuesAsText("jobId"));
        }

        assertThat(woken).doesNotHaveDuplicates().hasSize(30);
    }

    @Test
    void rowsThatDoNotFitAreCountedAndComeNext() throws Exception {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            Job job = jobs.running("job-" + i);
            FakeFleet.message(job, "m".repeat(500));
            FakeFleet.end(job);
            all.add(job.id());
        }

        List<String> reported = new ArrayList<>();
        JsonNode answer = answer("{\"maxBytes\":4000}");
        long rev = 0;
        while (answer.path("ended").size() > 0) {
            reported.addAll(ended(answer));
            assertThat(answer.path("more").asInt()).isEqualTo(100 - reported.size());
            JsonNode repeated = answer("{\"maxBytes\":4000,\"since\":" + rev + "}");
            assertThat(ended(repeated)).isEqualTo(ended(answer));
            rev = answer.path("rev").asLong();
            answer = answer("{\"maxBytes\":4000}");
        }
        assertThat(reported).isEqualTo(all);
    }

    @Test
    void aCancelledWaitReportsNothing() throws Exception {
        Deque<Runnable> later = new ArrayDeque<>();
        Job job = jobs.running("job");
        CompletableFuture<ToolResult> waiting = call("{}", later::add);
        FakeFleet.end(job);
        waiting.cancel(false);

        Objects.requireNonNull(later.poll()).run();

        assertThat(ended(answer("{}"))).containsExactly("job");
    }

    @Test
    void aWaitThatIsGivenUpHoldsNothing() throws Exception {
        jobs.running("job");

        call("{}", Runnable::run).cancel(false);

        assertThat(timer.getQueue()).isEmpty();
    }

    @Test
    void anOpenWaitKeepsNoArguments() throws Exception {
        jobs.running("job");
        JsonNode wait = JSON.readTree("{\"jobIds\":[\"job\"]}");
        JsonNode waitAny = JSON.readTree("{\"jobIds\":[\"job\"],\"timeoutMs\":60000}");

        CompletableFuture<ToolResult> first = new WaitTool(
                        fleet, jobs.scheduler(), jobs.changes(), timer, Runnable::run)
                .call(new Arguments(wait, ""), Caller.UNKNOWN);
        CompletableFuture<ToolResult> second =
                new WaitAnyTool(jobs.registry(), timer).call(new Arguments(waitAny, ""), Caller.UNKNOWN);

        assertThat(wait).isEmpty();
        assertThat(waitAny).isEmpty();
        assertThat(first.cancel(false) && second.cancel(false)).isTrue();
    }

    @Test
    void moreJobsThanAreNamedCannotEnd() throws Exception {
        jobs.running("job");

        assertThatThrownBy(() -> call("{\"jobIds\":[\"job\"],\"count\":2}", Runnable::run))
                .isInstanceOf(BadArgumentException.class)
                .hasMessage("\"count\" is 2: it must be 1 at most, the number of \"jobIds\".");
        assertThat(answer("{\"jobIds\":[\"job\",\"x\"],\"timeoutMs\":0}").path("missingJobIds"))
                .isEqualTo(JSON.readTree("[\"x\"]"));
    }
}
