package dev.codexmcp.job;

/** What a queued job waits for. */
public sealed interface QueueReason {
    /** In a few words. */
    String inWords();

    /** A free permit. */
    record Permit() implements QueueReason {
        @Override
        public String inWords() {
            return "waits for a permit";
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
        @Override
        public String inWords() {
            return "waits for " + first + (jobs == 1 ? "" : " and " + (jobs - 1) + " more");
        }
    }
}
