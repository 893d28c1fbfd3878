package dev.codexmcp.job;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ThreadClaimsTest {
    private final ThreadClaims claims = new ThreadClaims(new JobRegistry());

    private Job withThread(String thread) {
        Job job = WorkerlessJobs.running();
        WorkerlessJobs.say(job, "{\"type\":\"thread.started\",\"thread_id\":\"" + thread + "\"}\n");
        claims.started(job);
        return job;
    }

    @Test
    void endedJobsAreForgotten() {
        for (int i = 0; i < 100; i++) {
            withThread("thread-" + i).exited(WorkerlessJobs.EXIT_0);
        }

        withThread("the last");

        assertThat(claims.size()).isEqualTo(1);
    }
}
