package dev.codexmcp.job;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.codexmcp.codex.CodexCommand;
import dev.codexmcp.codex.Sandbox;
import dev.codexmcp.codex.WorkerOptions;
import dev.codexmcp.job.log.EventPage;
import dev.codexmcp.job.log.EventQuery;
import dev.codexmcp.job.log.FakeLogs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Starts shell scripts as workers and describes their jobs. */
final class ShellJobs {
    private ShellJobs() {}

    @SuppressWarnings("NullAway") // which does not see in a class file that an array may be null
    static JobSpec spec(String... arguments) {
        CodexCommand command = new CodexCommand(List.of(arguments), null);
        return new JobSpec(command, WorkerOptions.NONE, Sandbox.READ_ONLY, Optional.empty(), Map.of());
    }

    /** A job that runs this script with {@code /bin/sh}. */
    static JobSpec shell(String script) {
        return spec("-c", script);
    }

    /** The event with this index. */
    static String event(Job job, int index) {
        String page = page(job, new EventQuery(index, 1, Long.MAX_VALUE, false, Set.of()));
        return page.substring(page.indexOf("[") + 1, page.lastIndexOf("]}"));
    }

    /** The number of final events of a job, and whether the last page is done. */
    static String ends(Job job) {
        try {
            String text = page(job, new EventQuery(0, Integer.MAX_VALUE, Long.MAX_VALUE, false, Set.of()));
            JsonNode page = new ObjectMapper().readTree(text);
            List<JsonNode> finals = page.path("events").findParents("type").stream()
                    .filter(event -> event.path("type").asText().equals("final"))
                    .toList();
            return finals.size() + (page.path("done").booleanValue() ? " and done" : " and not done");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String page(Job job, EventQuery query) {
        return new String(
                EventPage.plain(job.output().events(), query, FakeLogs.WORDING).toByteArray(), UTF_8);
    }
}
