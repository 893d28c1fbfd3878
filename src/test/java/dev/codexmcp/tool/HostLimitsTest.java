package dev.codexmcp.tool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.codexmcp.job.FakeFleet;
import dev.codexmcp.job.Job;
import dev.codexmcp.job.JobTimer;
import dev.codexmcp.job.fleet.Fleet;
import dev.codexmcp.json.Json;
import dev.codexmcp.tool.schema.Arguments;
import dev.codexmcp.tool.schema.ToolResult;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the tools make of their caller's limits. */
class HostLimitsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Caller CUTTING = new Caller(
            new HostLimits(7 * 1024, true, false, OptionalLong.empty()), ProgressListener.UNWANTED, DefaultFolder.OWN);
    private static final Caller IMPATIENT = new Caller(
            new HostLimits(HostLimits.DEFAULT_PAGE, false, false, OptionalLong.of(1)),
            ProgressListener.UNWANTED,
            DefaultFolder.OWN);

    private final ScheduledThreadPoolExecutor timer = JobTimer.create();
    private final FakeFleet jobs = new FakeFleet();
    private final Fleet fleet = new Fleet(jobs.registry(), timer, job -> Optional.empty(), Set::of);

    @AfterEach
    void stopTimer() {
        timer.shutdownNow();
    }

    private static String text(Tool tool, Caller caller, String arguments) throws Exception {
        ToolResult result =
                tool.call(new Arguments(JSON.readTree(arguments), ""), caller).get();
        if (result instanceof ToolResult.EscapedText escaped) {
            return JSON.readValue("\"" + new String(escaped.text().toByteArray(), UTF_8) + "\"", String.class);
        }
        return result instanceof ToolResult.Text text
                ? text.text()
                : new String(Json.bytes(((ToolResult.Json) result).object()), UTF_8);
    }

    @Test
    void aPageOfEventsHasTheLengthThatTheHostTakes() throws Exception {
        Job job = jobs.running("job");
        for (int i = 0; i < 100; i++) {
            FakeFleet.message(job, "é".repeat(200));
        }
        EventsTool tool = new EventsTool(jobs.registry());

        assertThat(text(tool, CUTTING, "{\"jobId\":\"job\"}").getBytes(UTF_8)).hasSizeBetween(6 * 1024, 7 * 1024);
        assertThat(text(tool, Caller.UNKNOWN, "{\"jobId\":\"job\"}").getBytes(UTF_8))
                .hasSizeBetween(15 * 1024, 16 * 1024);
        assertThat(text(tool, CUTTING, "{\"jobId\":\"job\",\"maxBytes\":20000}").getBytes(UTF_8))
                .hasSizeBetween(19_000, 20_000);
        assertThat(text(tool, CUTTING, "{\"jobId\":\"job\"}")).startsWith("{\"nextCursor\":\"");
    }

    @Test
    void aLongMessageComesInPartsForAHostThatCuts() throws Exception {
        Job job = jobs.running("job");
        String message = "0123456789".repeat(1000);
        FakeFleet.message(job, message);
        FakeFleet.end(job);
        ResultTool tool = new ResultTool(jobs.registry(), fleet, jobs.changes());

        String first = text(tool, CUTTING, "{\"jobId\":\"job\"}");
        String cursor = first.replaceAll("(?s).*cursor \"(\\d+)\".*", "$1");
        String second = text(tool, CUTTING, "{\"jobId\":\"job\",\"cursor\":\"" + cursor + "\"}");

        assertThat(first).hasSizeLessThanOrEqualTo(7 * 1024).startsWith("[Characters 0 to " + cursor + " of 10000; ");
        assertThat(first.substring(first.indexOf('\n') + 1) + second).isEqualTo(message);
        assertThat(text(tool, Caller.UNKNOWN, "{\"jobId\":\"job\"}")).isEqualTo(message);
        assertThat(text(tool, Caller.UNKNOWN, "{\"jobId\":\"job\",\"maxBytes\":1000}"))
                .hasSizeLessThanOrEqualTo(1000)
                .startsWith("[Characters 0 to ");
    }

    @Test
    void theFullResultIsShortenedForAHostThatCuts() throws Exception {
        Job job = jobs.running("job");
        FakeFleet.message(job, "m".repeat(10_000));
        FakeFleet.end(job);
        ResultTool tool = new ResultTool(jobs.registry(), fleet, jobs.changes());

        String shortened = text(tool, CUTTING, "{\"jobId\":\"job\",\"view\":\"full\"}");
        JsonNode json = JSON.readTree(shortened);

        assertThat(shortened).startsWith("{\"note\":\"Shortened to fit.");
        assertThat(shortened.getBytes(UTF_8)).hasSizeBetween(6 * 1024, 7 * 1024);
        assertThat(json.path("status").asText()).isEqualTo("done");
        assertThat(json.path("finalMessage").asText()).matches("m+");
        assertThat(json.path("stdoutTail").asText()).endsWith("m\"}}\n");
        assertThat(JSON.readTree(text(tool, Caller.UNKNOWN, "{\"jobId\":\"job\",\"view\":\"full\"}"))
                        .has("note"))
                .isFalse();
    }

    @Test
    void aWaitThatTheHostWouldNotSurviveEndsEarlierAndSaysWhy() throws Exception {
        jobs.running("job");
        String wait = "{\"jobIds\":[\"job\"],\"timeoutMs\":300000}";

        JsonNode any = JSON.readTree(text(new WaitAnyTool(jobs.registry(), timer), IMPATIENT, wait));
        JsonNode all = JSON.readTree(
                text(new WaitTool(fleet, jobs.scheduler(), jobs.changes(), timer, Runnable::run), IMPATIENT, wait));

        assertThat(any.path("waitedMs").isIntegralNumber()).isTrue();
        assertThat(any.path("cappedAt").asInt()).isEqualTo(1);
        assertThat(any.path("timedOut").asBoolean()).isTrue();
        assertThat(all.path("waitedMs").isIntegralNumber()).isTrue();
        assertThat(all.path("cappedAt").asInt()).isEqualTo(1);
        assertThat(all.path("timedOut").asBoolean()).isTrue();
    }

    @Test
    void aWaitThatIsNotCutShortDoesNotMentionALimit() throws Exception {
        Job ended = jobs.running("ended");
        jobs.running("job");
        FakeFleet.end(ended);
        WaitAnyTool any = new WaitAnyTool(jobs.registry(), timer);

        assertThat(text(any, IMPATIENT, "{\"jobIds\":[\"ended\"],\"timeoutMs\":300000}"))
                .isEqualTo("{\"completedJobId\":\"ended\",\"timedOut\":false}");
        assertThat(text(any, IMPATIENT, "{\"jobIds\":[\"job\"],\"timeoutMs\":0}"))
                .isEqualTo("{\"completedJobId\":null,\"timedOut\":true}");
        assertThat(text(any, Caller.UNKNOWN, "{\"jobIds\":[\"job\"],\"timeoutMs\":1}"))
                .isEqualTo("{\"completedJobId\":null,\"timedOut\":true}");
    }

    @Test
    void endsComeLastInTheAnswerOfAWait() throws Exception {
        Job job = jobs.running("job");
        FakeFleet.end(job);

        assertThat(text(
                        new WaitTool(fleet, jobs.scheduler(), jobs.changes(), timer, Runnable::run),
                        Caller.UNKNOWN,
                        "{}"))
                .matches(
                        "\\{\"rev\":\\d+,\"timedOut\":false,\"pending\":\\{\"queued\":0,\"running\":0},\"ended\":\\[.*]}");
    }
}
