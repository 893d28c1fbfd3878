package dev.codexmcp.job;

/**
 * What follows the end of a job, in order. Each step is taken whatever becomes of those before it, and none of this needs
 * memory: neither a permit nor a waiting client may be lost to a full heap or to a listener that fails.
 */
final class EndSteps {
    /** One step. It may fail, but it is best made not to. */
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
