package dev.codexmcp.job;

import java.util.List;
import java.util.Optional;

/** Why a job can't be started or found. The texts for clients are elsewhere, one for each case. */
public sealed interface JobError {
    /**
     * No such job: it never existed, or was lost when the server restarted.
     *
     * @param past what is known of it, if it was a job of another server
     */
    record UnknownJob(String jobId, Optional<PastJob> past) implements JobError {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.unknownJob(this);
        }
    }

    /** The maximum number of jobs is running. */
    record AllPermitsTaken(int permits) implements JobError {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.allPermitsTaken(this);
        }
    }

    /**
     * The maximum number of jobs of a kind is running.
     *
     * @param readOnly whether the kind is read-only jobs, or all others
     */
    record KindPermitsTaken(int permits, boolean readOnly) implements JobError {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.kindPermitsTaken(this);
        }
    }

    /** The maximum number of jobs is waiting. */
    record QueueFull(int most) implements JobError {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.queueFull(this);
        }
    }

    /** A dependency does not exist. */
    record UnknownDependency(String jobId) implements JobError {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.unknownDependency(this);
        }
    }

    /**
     * The user has configured no launcher of this name.
     *
     * @param names the launchers that the user has configured
     */
    record UnknownLauncher(String launcher, List<String> names) implements JobError {
        public UnknownLauncher {
            names = List.copyOf(names);
        }

        @Override
        public <T> T match(Cases<T> cases) {
            return cases.unknownLauncher(this);
        }
    }

    /** The jobs have used all tokens that they may use. */
    record TokensUsedUp(long limit) implements JobError {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.tokensUsedUp(this);
        }
    }

    /** No CLI was found; {@code reason} says where the server looked, and how to install it. */
    record CliMissing(String reason) implements JobError {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.cliMissing(this);
        }
    }

    /**
     * The system did not start the worker.
     *
     * @param reason the system's error message
     * @param cause where to look
     */
    record StartFailed(String reason, StartFailed.Cause cause) implements JobError {
        /** What kept a worker from being started. */
        public enum Cause {
            /** Too many processes or threads. */
            EXHAUSTED,
            /** The launcher's configuration. */
            LAUNCHER,
            /** Something about this worker. */
            WORKER
        }

        @Override
        public <T> T match(Cases<T> cases) {
            return cases.startFailed(this);
        }
    }

    /**
     * This server runs within too many others.
     *
     * @param depth how many
     * @param limit the depth from which on servers start no workers
     */
    record TooDeep(int depth, int limit) implements JobError {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.tooDeep(this);
        }
    }

    /** The job's worktree could not be created; {@code reason} says why. */
    record NoWorktree(String reason) implements JobError {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.noWorktree(this);
        }
    }

    /**
     * A job that has not ended uses the thread.
     *
     * @param jobId that job; empty if it belongs to a call that waits for its end
     */
    record ThreadInUse(String threadId, Optional<String> jobId) implements JobError {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.threadInUse(this);
        }
    }

    /** The server is shutting down. */
    record ShuttingDown() implements JobError {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.shuttingDown(this);
        }
    }

    /** Handles each kind of error: the compiler reports an implementation that omits one. */
    interface Cases<T> {
        T unknownJob(UnknownJob error);

        T allPermitsTaken(AllPermitsTaken error);

        T kindPermitsTaken(KindPermitsTaken error);

        T queueFull(QueueFull error);

        T unknownDependency(UnknownDependency error);

        T unknownLauncher(UnknownLauncher error);

        T tokensUsedUp(TokensUsedUp error);

        T cliMissing(CliMissing error);

        T startFailed(StartFailed error);

        T tooDeep(TooDeep error);

        T noWorktree(NoWorktree error);

        T threadInUse(ThreadInUse error);

        T shuttingDown(ShuttingDown error);
    }

    <T> T match(Cases<T> cases);
}
