package dev.codexmcp.job;

import dev.codexmcp.codex.CodexCli;
import dev.codexmcp.codex.CodexCommand;
import dev.codexmcp.codex.Sandbox;
import dev.codexmcp.codex.WorkerOptions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Registries whose workers are small programs, and what there is to say of their jobs. */
final class ShellJobs {
    private ShellJobs() {}

    /** A registry that runs this program. */
    static JobRegistry registry(String program, int maxJobs) {
        return new JobRegistry(new CodexCli(Optional.of(program), "/usr/bin:/bin"), maxJobs);
    }

    @SuppressWarnings("NullAway") // which does not see in a class file that an array may be null
    static JobSpec spec(String... arguments) {
        CodexCommand command = new CodexCommand(List.of(arguments), null);
        return new JobSpec(command, "prompt", WorkerOptions.NONE, Sandbox.READ_ONLY, Optional.empty(), Map.of());
    }

    /** For a registry of {@code /bin/sh}. */
    static JobSpec shell(String script) {
        return spec("-c", script);
    }

    /** How often an end is among a job's events, and whether it is the last. */
    static String ends(Job job) {
        EventQuery all = new EventQuery(0, Integer.MAX_VALUE, Long.MAX_VALUE, false, Set.of());
        EventPage page = job.events(all);
        String text = new String(page.json().toByteArray(), java.nio.charset.StandardCharsets.UTF_8);
        int finals = text.split("\"type\":\"final\"", -1).length - 1;
        return finals + (page.done() ? " and done" : " and not done");
    }
}
