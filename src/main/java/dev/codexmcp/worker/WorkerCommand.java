package dev.codexmcp.worker;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a worker runs, on whatever host.
 *
 * @param name unique among workers, without spaces
 * @param program a path; PATH is not searched
 * @param arguments as the program gets them
 * @param unset variables of this process's environment that the worker does not get
 * @param environment added to this process's own
 * @param place where to run it
 * @param stdin what the program reads before EOF; null: the null device
 */
public record WorkerCommand(
        String name,
        String program,
        List<String> arguments,
        Set<String> unset,
        Map<String, String> environment,
        byte @Nullable [] stdin,
        WorkerPlace place) {
    public WorkerCommand {
        if (name.isBlank() || name.contains(" ")) {
            throw new IllegalArgumentException("not a worker's name: \"" + name + "\"");
        }
        arguments = List.copyOf(arguments);
        unset = Set.copyOf(unset);
        environment = Map.copyOf(environment);
    }
}
