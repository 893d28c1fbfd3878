package dev.codexmcp.job;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The jobs of this server, in memory: finds them, lists them, and notifies listeners of their changes. Thread-safe. */
public final class JobRegistry {
    /** In the order in which they were created. Guarded by {@code this}. */
    private final Map<String, Job> jobs = new LinkedHashMap<>();

    private volatile PastJobs past = PastJobs.NONE;

    /** Copied on write, so that the end of a job needs no memory to iterate over it. */
    private volatile JobListener[] listeners = {};

    /**
     * The job of this id.
     *
     * @throws JobException if there is none
     */
    public Job find(String jobId) throws JobException {
        Job job = get(jobId);
        if (job == null) {
            throw new JobException(new JobError.UnknownJob(jobId, past.find(jobId)));
        }
        return job;
    }

    synchronized @Nullable Job get(String jobId) {
        return jobs.get(jobId);
    }

    /** All jobs, in the order in which they were created. */
    public synchronized List<Job> list() {
        return List.copyOf(jobs.values());
    }

    /** Adds a listener for every change from now on. */
    public synchronized void listen(JobListener listener) {
        JobListener[] more = Arrays.copyOf(listeners, listeners.length + 1);
        more[listeners.length] = listener;
        listeners = more;
    }

    /** Makes errors about unknown jobs include what is known about them here. */
    public void remember(PastJobs pastJobs) {
        past = pastJobs;
    }

    /** The jobs of other servers, and of earlier ones. */
    public PastJobs past() {
        return past;
    }

    /** Adds a new job. */
    void add(Job job) {
        put(job);
        changed(job, JobStatus.QUEUED);
    }

    /** Adds a new job without notifying the listeners. */
    synchronized void put(Job job) {
        jobs.put(job.id(), job);
    }

    /** Drops a job whose id no client knows. */
    void forget(Job job) {
        synchronized (this) {
            jobs.remove(job.id());
        }
        for (JobListener listener : listeners) {
            Failures.contain(() -> listener.forgotten(job));
        }
    }

    /** Notifies the listeners that the job's thread is known, if the job is registered. Must not be called under a lock. */
    void threadStarted(Job job) {
        if (get(job.id()) == job) {
            for (JobListener listener : listeners) {
                Failures.contain(() -> listener.threadStarted(job));
            }
        }
    }

    /** Notifies the listeners. Must not be called under a lock. */
    void changed(Job job, JobStatus entered) {
        boolean listed = get(job.id()) == job;
        JobListener[] notified = listeners;
        for (int i = 0; i < notified.length; i++) {
            try {
                if (listed) {
                    notified[i].changed(job, entered);
                } else {
                    notified[i].unlisted(job, entered);
                }
            } catch (RuntimeException | Error e) {
                Failures.report(e);
            }
        }
    }
}
