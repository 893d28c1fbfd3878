package dev.codexmcp.tool;

import dev.codexmcp.codex.SessionFiles;
import dev.codexmcp.codex.ThreadId;
import dev.codexmcp.codex.ThreadRecord;
import dev.codexmcp.codex.WorkerOptions;
import dev.codexmcp.job.Continuation;
import dev.codexmcp.job.Job;
import dev.codexmcp.job.JobError;
import dev.codexmcp.job.JobException;
import dev.codexmcp.job.JobRegistry;
import dev.codexmcp.job.JobScheduler;
import dev.codexmcp.job.PastJob;
import dev.codexmcp.job.Place;
import dev.codexmcp.job.Scheduling;
import dev.codexmcp.tool.schema.Arguments;
import dev.codexmcp.tool.schema.BadArgumentException;
import dev.codexmcp.tool.schema.Parameter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The arguments that name a thread, by its id or by a job of this or another server. */
final class ThreadArguments {
    static final Parameter<String> JOB_ID = Parameter.text("jobId", "An ended job, or");
    static final Parameter<String> THREAD_ID = Parameter.text("threadId", "its thread.");

    private final JobRegistry jobs;
    private final JobScheduler scheduler;

    ThreadArguments(JobRegistry jobs, JobScheduler scheduler) {
        this.jobs = jobs;
        this.scheduler = scheduler;
    }

    /** Finds the thread that the arguments name, to resume it or to fork it. */
    PastWork read(Arguments arguments, boolean fork) throws BadArgumentException, JobException {
        Optional<String> jobId = arguments.optional(JOB_ID);
        Optional<String> threadId = arguments.optional(THREAD_ID);
        if (jobId.isPresent() == threadId.isPresent()) {
            throw new BadArgumentException("\"jobId\" and \"threadId\": give exactly one of them.");
        }
        PastWork work = jobId.isPresent() ? ofJob(jobId.get(), fork) : ofThread(threadId.get(), fork, arguments);
        if (PlaceParameters.leaveWorktree(arguments, work.place())) {
            work = work.inMainTree();
        }
        boolean otherFolder =
                arguments.optional(WorkerParameters.WORKING_DIRECTORY).isPresent();
        Optional<String> gone = work.options().workingDirectory().filter(folder -> !Files.isDirectory(Path.of(folder)));
        if (gone.isPresent() && !otherFolder && !work.getsNewWorktree() && runsHere(arguments, work.scheduling())) {
            throw new BadArgumentException("The folder of the old job, " + gone.get()
                    + ", does not exist any more. Give workingDirectory, or create it again.");
        }
        return work;
    }

    /** Whether the worker will run on this machine: others have folders and threads that can't be seen from here. */
    private boolean runsHere(Arguments arguments, Scheduling defaults) throws BadArgumentException {
        return scheduler.runsHere(
                SchedulingParameters.scheduling(arguments, defaults).launcher());
    }

    private PastWork ofJob(String jobId, boolean fork) throws BadArgumentException, JobException {
        try {
            return ofJob(jobs.find(jobId), fork);
        } catch (JobException e) {
            Optional<PastJob> past =
                    e.error() instanceof JobError.UnknownJob unknown ? unknown.past() : Optional.empty();
            if (past.isEmpty()) {
                throw e;
            }
            return ofPast(past.get(), fork);
        }
    }

    private PastWork ofJob(Job job, boolean fork) throws BadArgumentException, JobException {
        // For a queued job, the thread that it will resume; for a fork, its own.
        Optional<String> thread = job.output()
                .threadId()
                .filter(ThreadId::isUsable)
                .or(() -> job.spec().continuation().filter(each -> !each.fork()).map(Continuation::threadId));
        if (thread.isEmpty()) {
            throw new BadArgumentException("Job " + job.id() + " has no thread"
                    + (job.ended()
                            ? ": it ended before one began. Spawn the work again."
                            : " yet: wait until codex_status shows its threadId, then fork it."));
        }
        if (!fork && !job.ended()) {
            throw new JobException(new JobError.ThreadInUse(thread.get(), Optional.of(job.id())));
        }
        WorkerOptions old = job.spec().options();
        WorkerOptions options = new WorkerOptions(
                old.model(),
                old.reasoningEffort(),
                Optional.of(job.spec().sandbox()),
                Optional.empty(),
                old.workingDirectory(),
                old.extra().withoutImages());
        return new PastWork(
                thread.get(),
                Optional.of(job.id()),
                job.spec().label(),
                options,
                job.spec().scheduling().after(List.of()),
                job.spec().place());
    }

    private PastWork ofThread(String threadId, boolean fork, Arguments arguments)
            throws BadArgumentException, JobException {
        List<Job> users = jobs.list().stream()
                .filter(job -> job.output().threadId().equals(Optional.of(threadId)))
                .toList();
        if (!users.isEmpty()) {
            return ofJob(users.get(users.size() - 1), fork);
        }
        Optional<PastJob> past = jobs.past().lastOf(threadId);
        if (past.isPresent()) {
            return ofPast(past.get(), fork);
        }
        if (!ThreadId.isOne(threadId)) {
            throw new BadArgumentException(
                    "\"threadId\" is \"" + threadId + "\": it must be the id of a thread, such as codex_status shows.");
        }
        SessionFiles sessions = SessionFiles.of(System.getenv());
        if (runsHere(arguments, scheduler.defaults()) && ThreadRecord.of(sessions, threadId) == ThreadRecord.MISSING) {
            throw new BadArgumentException("\"threadId\" is \"" + threadId + "\": there is no such thread in "
                    + sessions.folder() + ". Take one that codex_status shows, or spawn the work anew.");
        }
        return new PastWork(
                threadId,
                Optional.empty(),
                Optional.empty(),
                scheduler.defaultOptions(),
                scheduler.defaults(),
                Place.SHARED);
    }

    private PastWork ofPast(PastJob past, boolean fork) throws BadArgumentException {
        if (past.mayRun() && !fork) {
            throw new BadArgumentException("Thread " + past.threadId() + " is in use by job " + past.jobId()
                    + " of another server, which has not ended as far as its journal shows: wait for it, or set fork to "
                    + "begin a new thread with its history.");
        }
        WorkerOptions defaults = scheduler.defaultOptions();
        WorkerOptions options = new WorkerOptions(
                defaults.model(),
                defaults.reasoningEffort(),
                Optional.of(past.sandbox()),
                Optional.empty(),
                Optional.of(past.workingDirectory()));
        return new PastWork(
                past.threadId(), Optional.of(past.jobId()), past.label(), options, scheduler.defaults(), Place.SHARED);
    }
}
