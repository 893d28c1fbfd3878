package dev.codexmcp.job;

import dev.codexmcp.worker.WorkerPlace;
import java.util.List;
import java.util.Optional;

/**
 * When and where a job may start, and how much it may use.
 *
 * @param queue whether it waits if no permit is free, instead of being refused
 * @param priority {@value #LEAST} to {@value #MOST}; higher starts first
 * @param dependsOn the ids of the jobs that must end {@code done} before it starts; repeated ones count once
 * @param retries how often another worker continues after a temporary limit of the provider, 0 to {@value #MOST_RETRIES}
 * @param launcher where it runs, by a name that the user has configured; empty: the default
 */
public record Scheduling(
        boolean queue, int priority, List<String> dependsOn, Limits limits, int retries, Optional<String> launcher) {
    /** The lowest priority. */
    public static final int LEAST = -100;

    /** The highest priority. */
    public static final int MOST = 100;

    /** Start now or not at all, without limits. */
    public static final Scheduling NONE = new Scheduling(false, 0, List.of(), Limits.NONE);

    /** The same for a program that must run on this machine. */
    public static final Scheduling HERE =
            new Scheduling(false, 0, List.of(), Limits.NONE, 0, WorkerPlace.HERE.launcher());

    /** The most retries. */
    public static final int MOST_RETRIES = 5;

    /** With the default launcher. */
    public Scheduling(boolean queue, int priority, List<String> dependsOn, Limits limits, int retries) {
        this(queue, priority, dependsOn, limits, retries, Optional.empty());
    }

    public Scheduling {
        dependsOn = dependsOn.stream().distinct().toList();
        if (retries < 0 || retries > MOST_RETRIES) {
            throw new IllegalArgumentException("retries " + retries);
        }
        if (priority < LEAST || priority > MOST) {
            throw new IllegalArgumentException("priority " + priority);
        }
    }

    /** No retries. */
    public Scheduling(boolean queue, int priority, List<String> dependsOn, Limits limits) {
        this(queue, priority, dependsOn, limits, 0);
    }

    /** Whether the job may have to wait. */
    public boolean mayWait() {
        return queue || !dependsOn.isEmpty();
    }

    /** The same with these dependencies. */
    public Scheduling after(List<String> jobIds) {
        return new Scheduling(queue, priority, jobIds, limits, retries, launcher);
    }
}
