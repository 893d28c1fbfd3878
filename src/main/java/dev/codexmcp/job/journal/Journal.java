package dev.codexmcp.job.journal;

import dev.codexmcp.codex.ThreadId;
import dev.codexmcp.job.Job;
import dev.codexmcp.job.JobListener;
import dev.codexmcp.job.JobSnapshot;
import dev.codexmcp.job.JobStatus;
import dev.codexmcp.job.PastJob;
import dev.codexmcp.job.PastJobs;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Records the thread of each job in a file of this server, so that a later server can resume it. The journal's own thread writes, so that a worker's output never waits for the disk; what it cannot write is lost.
 *
 * <p>No file is created before the first job has a thread.
 */
public final class Journal implements JobListener, PastJobs, AutoCloseable {
    private static final long WRITER_IDLE_SECONDS = 10;

    /** How many lines may wait for a slow disk. */
    private static final int MOST_WAITING = 10_000;

    private static final long CLOSE_MILLIS = 500;

    private final JournalFile own;
    private final JournalFolder folder;
    private final ThreadPoolExecutor writer;

    /** @param folder where the servers of one user keep their journals; created when needed */
    public Journal(Path folder) {
        this.folder = new JournalFolder(folder);
        this.own = new JournalFile(this.folder);
        this.writer = new ThreadPoolExecutor(
                1,
                1,
                WRITER_IDLE_SECONDS,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MOST_WAITING),
                task -> {
                    Thread thread = new Thread(task, "journal");
                    thread.setDaemon(true);
                    return thread;
                },
                new ThreadPoolExecutor.DiscardPolicy());
        writer.allowCoreThreadTimeOut(true);
    }

    @Override
    public void changed(Job job, JobStatus entered) {
        if (entered.ended() && threadOf(job).isPresent()) {
            writer.execute(() -> own.append(JournalLine.ended(job.id())));
        }
    }

    @Override
    public void threadStarted(Job job) {
        writer.execute(() -> threadOf(job).ifPresent(thread -> own.append(JournalLine.started(past(job, thread)))));
    }

    private static Optional<String> threadOf(Job job) {
        return job.output().threadId().filter(ThreadId::isUsable);
    }

    private static PastJob past(Job job, String threadId) {
        JobSnapshot snapshot = job.snapshot();
        return new PastJob(
                job.id(),
                threadId,
                job.spec().label(),
                Path.of(job.spec().options().workingDirectory().orElse(""))
                        .toAbsolutePath()
                        .toString(),
                job.spec().sandbox(),
                snapshot.startedAt().orElseGet(System::currentTimeMillis),
                !snapshot.status().ended());
    }

    @Override
    public Optional<PastJob> find(String jobId) {
        return folder.last("jobId", jobId);
    }

    @Override
    public Optional<PastJob> lastOf(String threadId) {
        return folder.last("threadId", threadId);
    }

    /** Writes what is waiting, for at most half a second, and closes the file. */
    @Override
    public void close() {
        writer.shutdown();
        try {
            if (writer.awaitTermination(CLOSE_MILLIS, TimeUnit.MILLISECONDS)) {
                own.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
