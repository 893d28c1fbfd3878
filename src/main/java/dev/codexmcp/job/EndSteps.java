package dev.codexmcp.job;

/**
 * The steps after the end of a job, in order. Each runs even if an earlier one fails, and none of this allocates
 * memory: a full heap or a failing listener must not cost a permit or leave a client waiting.
 */
final class EndSteps {
    /** One step. If it fails, the others still run. */
    interface Step {
        void take(Job job);
    }

    private final Step[] steps;

    EndSteps(Step... steps) {
        this.steps = steps.clone();
    }

    void take(Job job) {
        for (int i = 0; i < steps.length; i++) {
            try {
                steps[i].take(job);
            } catch (RuntimeException | Error e) {
                Failures.report(e);
            }
        }
    }
}
