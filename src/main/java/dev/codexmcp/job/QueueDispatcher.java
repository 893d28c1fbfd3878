package dev.codexmcp.job;

import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Starts jobs from the queue as soon as they may start, and ends those that can't any more, one after the other. Its thread
 * exists from the first job that may wait. Jobs whose start takes long, since git or the CLI has to do something first, have
 * threads of their own and delay no others.
 */
final class QueueDispatcher {
    /** How long to wait after a failure, so that a full heap is not also a busy one. */
    private static final long PAUSE_MILLIS = 100;

    private final Admission admission;
    private final WorkerStarter workers;
    private final BooleanSupplier tokensUsedUp;
    private final Executor slow;
    private boolean running;

    /**
     * @param tokensUsedUp whether no job may start any more; may read files
     * @param slow runs the starts that take long
     */
    QueueDispatcher(Admission admission, WorkerStarter workers, BooleanSupplier tokensUsedUp, Executor slow) {
        this.admission = admission;
        this.workers = workers;
        this.tokensUsedUp = tokensUsedUp;
        this.slow = slow;
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
            Job job = next.job();
            if (next.ending().isPresent()) {
                job.askToEnd(next.ending().get(), false);
            } else if (startsSlowly(job.spec())) {
                startSlowly(job);
            } else {
                start(job);
            }
        } catch (RuntimeException | Error e) {
            Failures.report(e);
            Thread.sleep(PAUSE_MILLIS);
        }
        return true;
    }

    private static boolean startsSlowly(JobSpec spec) {
        return spec.place().isolated()
                || spec.options().extra().withoutMcpServers().orElse(false);
    }

    private void startSlowly(Job job) {
        try {
            slow.execute(() -> start(job));
        } catch (RuntimeException | Error e) { // the system refuses the thread: the job holds a permit
            job.startFailed(e);
            throw e;
        }
    }

    private void start(Job job) {
        try {
            // The job whose end let this one start may have used up what was left.
            if (tokensUsedUp.getAsBoolean()) {
                job.askToEnd(EndCause.TOKENS, false);
                return;
            }
            job.prepareRetry();
            workers.start(job);
        } catch (JobException | RuntimeException | Error e) {
            job.startFailed(e);
        }
    }
}
