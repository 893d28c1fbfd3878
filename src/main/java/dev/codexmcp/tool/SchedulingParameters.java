package dev.codexmcp.tool;

import dev.codexmcp.job.Limits;
import dev.codexmcp.job.Scheduling;
import dev.codexmcp.tool.schema.Arguments;
import dev.codexmcp.tool.schema.BadArgumentException;
import dev.codexmcp.tool.schema.Parameter;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The arguments that determine when a job may start and how much it may use. */
final class SchedulingParameters {
    private static final Parameter<Boolean> QUEUE =
            Parameter.flag("queue", "Wait for a free permit instead of failing.");
    private static final Parameter<Integer> PRIORITY =
            Parameter.integer("priority", Scheduling.LEAST, Scheduling.MOST, 0, "Higher starts first.");
    private static final Parameter<List<String>> DEPENDS_ON = Parameter.texts(
            "dependsOn", 0, "jobIds (in a group, also labels) that must end done first. Implies queue.");
    private static final Parameter<Integer> MAX_RUN_MS =
            Parameter.integer("maxRunMs", 1, Integer.MAX_VALUE, "End the job after this running time.");
    private static final Parameter<Integer> MAX_IDLE_MS = Parameter.integer(
            "maxIdleMs", 1, Integer.MAX_VALUE, "End it after this long without a sign of life, commands aside.");
    private static final Parameter<Integer> MAX_TOKENS =
            Parameter.integer("maxTokens", 1, Integer.MAX_VALUE, "End it after this many tokens, input + output.");

    private static final Parameter<String> LAUNCHER = Parameter.argument("launcher", "Where it runs, as configured.");

    private static final Parameter<Integer> RETRIES = Parameter.integer(
            "retries", 0, Scheduling.MOST_RETRIES, 0, "After a rate limit or overload, resume when it is over.");

    static final List<Parameter<?>> ALL =
            List.of(QUEUE, PRIORITY, DEPENDS_ON, MAX_RUN_MS, MAX_IDLE_MS, MAX_TOKENS, RETRIES, LAUNCHER);

    private SchedulingParameters() {}

    /** The scheduling that these arguments ask for; {@code defaults} supplies what they leave out. */
    static Scheduling scheduling(Arguments arguments, Scheduling defaults) throws BadArgumentException {
        return new Scheduling(
                arguments.orElse(QUEUE, defaults.queue()),
                arguments.orElse(PRIORITY, defaults.priority()),
                arguments.orElse(DEPENDS_ON, defaults.dependsOn()),
                new Limits(
                        limit(arguments.optional(MAX_RUN_MS), defaults.limits().runMillis()),
                        limit(arguments.optional(MAX_IDLE_MS), defaults.limits().idleMillis()),
                        limit(arguments.optional(MAX_TOKENS), defaults.limits().tokens())),
                arguments.orElse(RETRIES, defaults.retries()),
                arguments.optional(LAUNCHER).or(defaults::launcher));
    }

    private static OptionalLong limit(Optional<Integer> given, OptionalLong byDefault) {
        return given.isPresent() ? OptionalLong.of(given.get()) : byDefault;
    }
}
