package dev.codexmcp.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.job.FakeFleet;
import dev.codexmcp.job.HeldTime;
import dev.codexmcp.job.Job;
import dev.codexmcp.job.JobTimer;
import dev.codexmcp.job.QueueReason;
import dev.codexmcp.job.fleet.Fleet;
import dev.codexmcp.job.fleet.FleetJob;
import dev.codexmcp.json.Json;
import dev.codexmcp.testkit.TestJson;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LaneTest {
    private static final long MINUTE = 60_000;

    private final FakeFleet jobs = new FakeFleet();
    private final ScheduledThreadPoolExecutor timer = JobTimer.create();
    private final Fleet fleet =
            new Fleet(jobs.registry(), timer, job -> Optional.of(new QueueReason.Permit()), Set::of);

    @AfterEach
    void stopTimer() {
        timer.shutdownNow();
    }

    /** The lane of a minute that ends a little after now, in steps of a second. */
    private JsonNode lane(FleetJob job, long free, HeldTime... held) {
        long from = job.createdAt() - MINUTE / 2 - 500; // not at the edge of a step
        byte[] written = Json.bytes(json -> {
            json.writeStartObject();
            Lane.of(job, from, from + MINUTE, 60, free, List.of(held)).writeTo(json);
            json.writeEndObject();
        });
        return TestJson.parse(new String(written, StandardCharsets.UTF_8))
                .path(job.job().id());
    }

    @Test
    void aQueuedJobIsHeldWhileThereIsAHold() {
        jobs.queued("a", Optional.empty());
        FleetJob job = fleet.find("a").orElseThrow();
        HeldTime hold = new HeldTime(job.createdAt() - 1000, job.createdAt() + MINUTE);

        assertThat(lane(job, 0).toString()).contains("\"queued\"").doesNotContain("\"held\"");
        assertThat(lane(job, 0, hold).toString()).contains("\"held\"").doesNotContain("\"queued\"");
        assertThat(lane(job, 0, new HeldTime(0, job.createdAt() - MINUTE)).toString())
                .doesNotContain("\"held\"");
        // It waits for another job all the time.
        assertThat(lane(job, Long.MAX_VALUE, hold).toString())
                .contains("\"queued\"")
                .doesNotContain("\"held\"");
    }

    @Test
    void aRunningJobIsNotHeld() {
        Job running = jobs.running("a");
        FakeFleet.message(running, "hello");
        FleetJob job = fleet.find("a").orElseThrow();

        assertThat(lane(job, 0, new HeldTime(0, Long.MAX_VALUE)).toString()).contains("\"thinking\"");
    }
}
