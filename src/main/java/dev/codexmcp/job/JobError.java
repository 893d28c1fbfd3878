package dev.codexmcp.job;

/** Why a job can't be started or found. What a client reads about it is worded elsewhere, case by case. */
public sealed interface JobError {
    /** There is no such job: there never was, or it was lost when the server was restarted. */
    record UnknownJob(String jobId) implements JobError {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.unknownJob(this);
        }
    }

    /** As many jobs run as may. */
    record AllPermitsTaken(int permits) implements JobError {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.allPermitsTaken(this);
        }
    }

    /** There is no CLI that could be run; {@code reason} says where it was looked for, and how to get it. */
    record CliMissing(String reason) implements JobError {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.cliMissing(this);
        }
    }

    /**
     * The system would not start the worker.
     *
     * @param reason the system's
     * @param exhausted whether there are too many processes or threads, rather than something wrong with this worker
     */
    record StartFailed(String reason, boolean exhausted) implements JobError {
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

    /** The server is ending. */
    record ShuttingDown() implements JobError {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.shuttingDown(this);
        }
    }

    /** Takes each kind of error: the compiler finds whoever leaves one out. */
    interface Cases<T> {
        T unknownJob(UnknownJob error);

        T allPermitsTaken(AllPermitsTaken error);

        T cliMissing(CliMissing error);

        T startFailed(StartFailed error);

        T tooDeep(TooDeep error);

        T shuttingDown(ShuttingDown error);
    }

    <T> T match(Cases<T> cases);
}
