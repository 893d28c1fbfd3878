package dev.codexmcp.job;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs what may fail where a failure must not keep the next thing from being done. */
final class Failures {
    private static final Logger log = LoggerFactory.getLogger(Failures.class);

    private Failures() {}

    /** Runs this; what it throws, an Error too, is logged as far as there is memory for that. */
    static void contain(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            report(e);
        }
    }

    /** Logs what was thrown, as far as there is memory for that. */
    static void report(Throwable failure) {
        try {
            log.error("A listener or a step of a job's end failed; the others are not affected", failure);
        } catch (RuntimeException | Error e) {
            // There is nobody left to report it to.
        }
    }
}
