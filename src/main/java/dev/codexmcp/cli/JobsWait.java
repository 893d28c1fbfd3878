package dev.codexmcp.cli;

import dev.codexmcp.cli.fleet.JobRow;
import dev.codexmcp.cli.fleet.LiveFleet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Waits until all jobs with these labels have ended, and prints a line for each. */
final class JobsWait {
    private static final int NONE = 3;
    private static final int TIMED_OUT = 124;

    private final Console console;
    private final LiveFleet fleet;
    private final List<String> labels;
    private final Optional<Long> seconds;

    /** The jobs that have been seen, by id; true for those that are known to have ended. */
    private final Map<String, Boolean> seen = new LinkedHashMap<>();

    private boolean failed;

    JobsWait(Console console, LiveFleet fleet, List<String> labels, Optional<Long> seconds) {
        this.console = console;
        this.fleet = fleet;
        this.labels = labels;
        this.seconds = seconds;
    }

    /** Returns the exit code. */
    int run() throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds.orElse(Long.MAX_VALUE / 2_000_000_000));
        fleet.watched(true);
        look();
        for (String label : labels) {
            if (fleet.jobs().stream().noneMatch(job -> job.hasLabel(label))) {
                console.error("no job has the label \"" + SafeText.line(label) + "\"");
                return NONE;
            }
        }
        while (seen.containsValue(false)) {
            if (System.nanoTime() - deadline > 0) {
                long left = seen.values().stream().filter(ended -> !ended).count();
                console.error("the time is up, and " + (left == 1 ? "1 job has" : left + " jobs have") + " not ended");
                return TIMED_OUT;
            }
            Thread.sleep(Cli.INTERVAL.toMillis());
            look();
        }
        return failed ? Cli.FAILED : 0;
    }

    private void look() {
        Map<String, JobRow> meant = new LinkedHashMap<>();
        fleet.jobs().stream()
                .filter(job -> labels.stream().anyMatch(job::hasLabel))
                .forEach(job -> meant.put(job.id(), job));
        meant.forEach((id, job) -> {
            if (job.ended() && !seen.getOrDefault(id, false)) {
                report(job);
            }
            seen.put(id, job.ended());
        });
        seen.replaceAll((id, ended) -> {
            if (!ended && !meant.containsKey(id)) {
                console.error("the server of job " + id + " has ended or does not answer");
                failed = true;
                return true;
            }
            return ended;
        });
    }

    private void report(JobRow job) {
        failed |= !job.status().equals("done");
        console.print(Style.ofStatus(job.status()).of(SafeText.fit(job.status(), 8), console.hasColor()) + "  "
                + JobTable.shortId(job) + "  " + SafeText.line(job.label().orElse(""))
                + job.text("reason").map(reason -> "  " + SafeText.line(reason)).orElse(""));
    }
}
