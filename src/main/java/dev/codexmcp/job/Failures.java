package dev.codexmcp.job;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Contains failures that must not stop the work that follows. */
final class Failures {
    private static final Logger log = LoggerFactory.getLogger(Failures.class);

    private Failures() {}

    /** Runs the work and logs whatever it throws, errors included, if there is memory for that. */
    static void contain(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            report(e);
        }
    }

    /** Logs a failure, if there is memory for that. */
    static void report(Throwable failure) {
        try {
            log.error("A listener or a step of a job's end failed; the others are not affected", failure);
        } catch (RuntimeException | Error e) {
            // Not even logging works.
        }
    }
}
