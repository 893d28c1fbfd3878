package dev.codexmcp.tool;

import dev.codexmcp.job.Job;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Reports to a waiting client what a worker is doing: a few times a second if that changes, else every ten seconds. */
final class JobProgress implements Runnable {
    private static final long LOOK_MILLIS = 400;

    /** A client may take silence for a hang, so it gets a report every ten seconds. */
    private static final int LOOKS_OF_SILENCE = 25;

    private final Job job;
    private final ProgressListener progress;
    private int seen;
    private int silence;
    private String last = "started";

    private JobProgress(Job job, ProgressListener progress) {
        this.job = job;
        this.progress = progress;
    }

    /** Starts reporting; the caller cancels the future when the job has ended. */
    static Future<?> watch(Job job, ProgressListener progress, ScheduledExecutorService timer) {
        return timer.scheduleWithFixedDelay(
                new JobProgress(job, progress), LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void run() {
        int from = seen;
        seen = job.output().events().size();
        String activity = job.output().progress(from).orElse(last);
        silence++;
        if (!activity.equals(last) || silence == LOOKS_OF_SILENCE) {
            progress.report(silence == LOOKS_OF_SILENCE && activity.equals(last) ? "still " + activity : activity);
            last = activity;
            silence = 0;
        }
    }
}
