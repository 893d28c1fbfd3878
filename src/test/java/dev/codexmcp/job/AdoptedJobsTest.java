package dev.codexmcp.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.codex.CodexCli;
import dev.codexmcp.job.FakeLauncher.FakeWorker;
import dev.codexmcp.job.log.FakeLogs;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A worker whose call is answered before its end becomes a job that clients know. */
class AdoptedJobsTest {
    private static final String THREAD = "{\"type\":\"thread.started\",\"thread_id\":\"thread-1\"}\n";

    private final ScheduledThreadPoolExecutor timer = JobTimer.create();
    private final JobRegistry registry = new JobRegistry();
    private final FakeLauncher launcher = new FakeLauncher();
    private final JobScheduler scheduler = new JobScheduler(
            registry, launcher, new CodexCli(Optional.of("/bin/sh"), ""), SchedulerConfig.of(1), timer);
    private final List<String> seen = new ArrayList<>();

    AdoptedJobsTest() {
        registry.listen(new JobListener() {
            @Override
            public void changed(Job job, JobStatus entered) {
                seen.add(entered.toString());
            }

            @Override
            public void threadStarted(Job job) {
                seen.add(job.output().threadId().orElseThrow());
            }
        });
    }

    @AfterEach
    void close() {
        scheduler.close();
        timer.shutdownNow();
    }

    private FakeWorker worker() {
        return launcher.workers.element();
    }

    @Test
    void listenersAreNotifiedOfAThreadThatBeganBefore() throws Exception {
        Job job = scheduler.run(FakeLauncher.spec(FakeLauncher.Start.WELL));
        FakeLogs.say(worker().stdout, THREAD.getBytes(UTF_8));
        assertThat(seen).isEmpty();

        scheduler.adopt(job);

        assertThat(seen).containsExactly("thread-1", "RUNNING");
    }

    @Test
    void listenersAreNotifiedOfTheThreadBeforeTheEnd() throws Exception {
        Job job = scheduler.run(FakeLauncher.spec(FakeLauncher.Start.WELL));
        worker().exit(THREAD, 0);

        scheduler.adopt(job);

        assertThat(seen).containsExactly("thread-1", "DONE");
    }
}
