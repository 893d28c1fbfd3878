package dev.codexmcp.job;

import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Starts jobs from the queue as soon as they may start, and ends those that can't any more, one after the other; only those whose
 * worktree has to be made first start beside the others. Its thread exists from the first job that may wait.
 */
final class QueueDispatcher {
    /** How long to wait after a failure, so that a full heap is not also a busy one. */
    private static final long PAUSE_MILLIS = 100;

    private final Admission admission;
    private final WorkerStarter workers;
    private final BooleanSupplier tokensUsedUp;
    private final Executor slowStarts;
    private boolean running;

    /**
     * @param tokensUsedUp whether no job may start any more; may read files
     * @param slowStarts runs the starts that take as long as git does
     */
    QueueDispatcher(Admission admission, WorkerStarter workers, BooleanSupplier tokensUsedUp, Executor slowStarts) {
        this.admission = admission;
        this.workers = workers;
        this.tokensUsedUp = tokensUsedUp;
        this.slowStarts = slowStarts;
    }

    /** Makes sure that there is a thread. */
    synchronized void prepare() {
        if (!running) {
            Thread thread = new Thread(this::run, "queue");
            thread.setDaemon(true);
            thread.start();
            running = true;
        }
    }

    private void run() {
        try {
            boolean open = true;
            while (open) {
                open = dispatched();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns false once the server is ending. */
    private boolean dispatched() throws InterruptedException {
        try {
            Admission.@Nullable Next next = admission.next();
            if (next == null) {
                return false;
            }
            dispatch(next.job(), next.ending());
        } catch (RuntimeException | Error e) {
            Failures.report(e);
            Thread.sleep(PAUSE_MILLIS);
        }
        return true;
    }

    private void dispatch(Job job, Optional<EndCause> ending) {
        if (ending.isPresent()) {
            job.endNow(ending.get());
            return;
        }
        try {
            // The job whose end let this one start may have used up what was left.
            if (tokensUsedUp.getAsBoolean()) {
                job.endNow(EndCause.TOKENS);
                return;
            }
            job.prepareRetry();
            if (job.spec().place().isolated()) {
                slowStarts.execute(() -> start(job));
            } else {
                start(job);
            }
        } catch (RuntimeException | Error e) {
            job.startFailed(e);
        }
    }

    private void start(Job job) {
        try {
            workers.start(job);
        } catch (JobException | RuntimeException | Error e) {
            job.startFailed(e);
        }
    }
}
