package dev.codexmcp.job;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which job uses which thread: two workers on one thread would both continue from the same state and lose one of their turns. A
 * claim ends with its job. Thread-safe.
 */
final class ThreadClaims {
    private final JobRegistry registry;
    private final Map<String, Job> users = new HashMap<>();

    ThreadClaims(JobRegistry registry) {
        this.registry = registry;
    }

    /**
     * Claims the thread that a job resumes, if it resumes one.
     *
     * @throws JobException if another job that has not ended uses the thread
     */
    synchronized void claim(Job job) throws JobException {
        forgetEnded();
        Optional<String> thread = resumed(job);
        if (thread.isEmpty()) {
            return;
        }
        @Nullable Job user = users.get(thread.get());
        if (user != null && user != job) {
            boolean known = registry.get(user.id()) == user;
            throw new JobException(
                    new JobError.ThreadInUse(thread.get(), known ? Optional.of(user.id()) : Optional.empty()));
        }
        users.put(thread.get(), job);
    }

    private static Optional<String> resumed(Job job) {
        return job.spec().continuation().filter(each -> !each.fork()).map(Continuation::threadId);
    }

    /** Gives up the claim of a job that will not start. */
    synchronized void release(Job job) {
        resumed(job).ifPresent(thread -> users.remove(thread, job));
    }

    /** A job has begun a thread, or continues the one that it has claimed. */
    synchronized void started(Job job) {
        forgetEnded();
        job.output().threadId().ifPresent(thread -> users.put(thread, job));
    }

    /** Ended jobs must not stay here: the output of one that is in no registry could never be freed. */
    private void forgetEnded() {
        users.values().removeIf(Job::ended);
    }

    /** How many threads are claimed, those of the jobs that have ended since the last claim included. */
    synchronized int size() {
        return users.size();
    }
}
