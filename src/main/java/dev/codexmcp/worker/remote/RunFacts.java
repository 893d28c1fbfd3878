package dev.codexmcp.worker.remote;

import dev.codexmcp.worker.ExitStatus;
import dev.codexmcp.worker.WorkerEnd;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What is known of a remote worker's run, and the end that follows from it. Not thread-safe. */
final class RunFacts {
    /** How long after its submission the engine must know a worker. */
    private static final long KNOWN_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** How often in a row the engine must not know a worker for it to be forgotten: it may just have ended. */
    private static final int UNKNOWN = 2;

    private final String title;
    private Supplier<String> engineWords = () -> "";
    private Supplier<String> endingWords = () -> "";
    private Optional<String> host = Optional.empty();
    private @Nullable Report last;
    private @Nullable ExitStatus launcherExit;
    private long submittedAt;
    private int unknown;

    /** @param title what people call the engine */
    RunFacts(String title) {
        this.title = title;
    }

    /** Where to read what the engine has said, and why it has ended the worker. */
    void words(Supplier<String> engine, Supplier<String> ending) {
        engineWords = engine;
        endingWords = ending;
    }

    void submitted(long nanoTime) {
        submittedAt = nanoTime;
    }

    /** The runner has reported; of its reports of an end, the first counts. */
    void reported(Report report) {
        if (report instanceof Report.Started started) {
            host = Optional.of(started.host());
        } else if (last == null) {
            last = report;
        }
    }

    void launcherEnded(ExitStatus status) {
        launcherExit = status;
    }

    /** Where the worker runs or ran. */
    Optional<String> host() {
        return host;
    }

    /** Whether the runner has reported the start. */
    boolean started() {
        return host.isPresent();
    }

    /** Whether the runner has reported the end, so nothing of the worker is left. */
    boolean ended() {
        return last != null;
    }

    boolean launcherGone() {
        return launcherExit != null;
    }

    boolean isPending() {
        return host.isEmpty() && launcherExit == null;
    }

    /** Whether the launcher itself has given up before the start. An engine that is down can be asked nothing more. */
    boolean refused() {
        return host.isEmpty() && launcherExit != null && launcherExit.signal() == null && !launcherExit.returnedZero();
    }

    /**
     * Whether the engine does not know a pending worker any more. A controller that crashes may forget one that it has just accepted;
     * its launcher would wait for ever.
     *
     * @param known whether the engine has just named it
     */
    boolean forgotten(boolean known, long nanoTime) {
        if (unknown < UNKNOWN) {
            boolean missing = !known && isPending() && nanoTime - submittedAt >= KNOWN_NANOS;
            unknown = missing ? unknown + 1 : 0;
        }
        return unknown >= UNKNOWN;
    }

    /** How the worker has ended, once its launcher has. */
    WorkerEnd end() {
        if (last instanceof Report.Exited exited && exited.stopped()) {
            String words = EngineWords.last(endingWords.get());
            return new WorkerEnd.Lost(title + " ended the worker" + (words.isEmpty() ? "" : ": " + words));
        }
        if (last instanceof Report.Exited exited) {
            return exited.status();
        }
        if (last instanceof Report.Failed failure) {
            return new WorkerEnd.NotStarted(title + ": " + failure.reason());
        }
        if (unknown >= UNKNOWN && host.isEmpty()) {
            return new WorkerEnd.NotStarted(title + " has lost the job, which it had accepted");
        }
        String words = EngineWords.last(engineWords.get());
        boolean zero = launcherExit == null || launcherExit.returnedZero();
        String what = title + " ended with " + (launcherExit == null ? "nothing" : launcherExit.describe())
                + (words.isEmpty() ? "" : ": " + words);
        if (host.isEmpty() && !zero) {
            return new WorkerEnd.NotStarted(what);
        }
        return new WorkerEnd.Lost(
                "how the worker" + host.map(name -> " on " + name).orElse("") + " ended is not known: " + what);
    }
}
