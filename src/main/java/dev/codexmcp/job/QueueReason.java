package dev.codexmcp.job;

import dev.codexmcp.json.Json;

/** What a queued job waits for. */
public sealed interface QueueReason {
    /** In a few words. */
    String inWords();

    /**
     * An engine that has been asked to run it.
     *
     * @param reason the engine, and what it says
     */
    record Engine(String reason) implements QueueReason {
        @Override
        public String inWords() {
            return "waits for " + reason;
        }
    }

    /** A free permit. */
    record Permit() implements QueueReason {
        @Override
        public String inWords() {
            return "waits for a permit";
        }
    }

    /** Nothing any more: it is about to start, once its worktree is there or whatever else it needs. */
    record Start() implements QueueReason {
        @Override
        public String inWords() {
            return "is about to start";
        }
    }

    /**
     * The end of a job that has declared the same paths.
     *
     * @param job its label or id
     */
    record Writer(String job) implements QueueReason {
        @Override
        public String inWords() {
            return "waits for the files of " + job;
        }
    }

    /** The end of a hold after a limit of the provider. */
    record Held(long seconds) implements QueueReason {
        @Override
        public String inWords() {
            return "held for " + seconds + " s";
        }
    }

    /**
     * The end of other jobs.
     *
     * @param first the label or id of one of them
     * @param jobs how many there are
     */
    record Dependencies(String first, int jobs) implements QueueReason {
        /** How much of a label is shown, in characters. */
        private static final int MOST = 40;

        @Override
        public String inWords() {
            return "waits for " + shortened(first) + (jobs == 1 ? "" : " and " + (jobs - 1) + " more");
        }

        private static String shortened(String name) {
            String line = Json.wellFormed(name.substring(0, Math.min(name.length(), MOST)))
                    .replaceAll("\\s+", " ");
            return name.length() <= MOST ? line : line + "…";
        }
    }
}
