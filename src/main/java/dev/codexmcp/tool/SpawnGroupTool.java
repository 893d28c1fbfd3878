package dev.codexmcp.tool;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.codex.Sandbox;
import dev.codexmcp.codex.WorkerOptions;
import dev.codexmcp.job.Job;
import dev.codexmcp.job.JobException;
import dev.codexmcp.job.JobScheduler;
import dev.codexmcp.job.log.EventPage;
import dev.codexmcp.job.log.EventQuery;
import dev.codexmcp.json.Utf8Buffer;
import dev.codexmcp.tool.schema.Arguments;
import dev.codexmcp.tool.schema.BadArgumentException;
import dev.codexmcp.tool.schema.ExecutionModel;
import dev.codexmcp.tool.schema.Parameter;
import dev.codexmcp.tool.schema.ToolAnnotations;
import dev.codexmcp.tool.schema.ToolResult;
import dev.codexmcp.tool.schema.ToolSpecification;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts several workers in one call. */
final class SpawnGroupTool implements Tool {
    private static final int MOST_HANDSHAKE_EVENTS = 25;

    private static final Parameter<List<JsonNode>> JOBS = Parameter.objects(
                    "jobs",
                    1,
                    Parameter.withoutDescriptions(WorkerParameters.ALL),
                    "One per worker, as in codex_spawn.")
            .required();
    private static final Parameter<Arguments> DEFAULTS =
            Parameter.object("defaults", WorkerParameters.BARE_OPTIONS, "For jobs that leave them out.");
    private static final Parameter<Boolean> INCLUDE_HANDSHAKE =
            Parameter.flag("includeHandshake", "Add a first page of each job's events.");
    private static final Parameter<Integer> HANDSHAKE_MAX_EVENTS = Parameter.integer(
            "handshakeMaxEvents", 1, Integer.MAX_VALUE, MOST_HANDSHAKE_EVENTS, "Events on it, 25 at most.");

    private static final ToolSpecification SPEC = new ToolSpecification(
            "codex_spawn_group",
            "Start several Codex workers",
            "Start several Codex workers in one call. Answers at once, in the order given, with each one's jobId or error; "
                    + "an error spoils no other. Then as after codex_spawn.",
            ToolAnnotations.DELEGATES,
            List.of(JOBS, DEFAULTS, INCLUDE_HANDSHAKE, HANDSHAKE_MAX_EVENTS),
            List.of(Parameter.objects(
                            "results",
                            0,
                            List.of(
                                    Parameter.text("jobId", "Where the job has been started."),
                                    Parameter.text("status", "running"),
                                    Parameter.text("startedAt", "ISO 8601, UTC."),
                                    Parameter.text("label", "As given."),
                                    Parameter.object("handshake", List.of(), "A page of codex_events."),
                                    Parameter.text("error", "Why the job has not been started.")),
                            "In the order given.")
                    .required()),
            ExecutionModel.STARTS_WORKERS);

    private static final Logger log = LoggerFactory.getLogger(SpawnGroupTool.class);

    private final JobScheduler scheduler;
    private final Sandbox defaultSandbox;

    SpawnGroupTool(JobScheduler scheduler, Sandbox defaultSandbox) {
        this.scheduler = scheduler;
        this.defaultSandbox = defaultSandbox;
    }

    /** What became of one entry: a job, or an error. */
    private record Entry(Optional<Job> job, Optional<String> error, Optional<String> label) {}

    @Override
    public ToolSpecification spec() {
        return SPEC;
    }

    @Override
    public CompletableFuture<ToolResult> call(Arguments arguments, Caller caller) throws BadArgumentException {
        List<JsonNode> jobs = arguments.required(JOBS);
        Optional<Arguments> given = arguments.optional(DEFAULTS);
        WorkerOptions defaults = given.isPresent() ? WorkerParameters.options(given.get()) : WorkerOptions.NONE;
        boolean handshake = arguments.orElse(INCLUDE_HANDSHAKE, false);
        int events = Math.min(arguments.orElse(HANDSHAKE_MAX_EVENTS, MOST_HANDSHAKE_EVENTS), MOST_HANDSHAKE_EVENTS);
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < jobs.size(); i++) {
            entries.add(spawn(jobs.get(i), "jobs[" + i + "]", defaults));
        }
        @Nullable
        EventQuery query = handshake ? EventQuery.first(events, EventsTool.DEFAULT_BYTES / jobs.size()) : null;
        return CompletableFuture.completedFuture(new ToolResult.Json(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("results");
            for (Entry entry : entries) {
                write(json, entry, query);
            }
            json.writeEndArray();
            json.writeEndObject();
        }));
    }

    private Entry spawn(JsonNode entry, String path, WorkerOptions defaults) {
        if (!entry.isObject()) {
            return refused("\"" + path + "\" takes an object with the arguments of codex_spawn.", Optional.empty());
        }
        Arguments arguments = new Arguments(entry, path + ".");
        Optional<String> label = Optional.empty();
        try {
            label = arguments.optional(WorkerParameters.LABEL);
            Job job = scheduler.spawn(WorkerParameters.job(arguments, defaults, defaultSandbox));
            return new Entry(Optional.of(job), Optional.empty(), label);
        } catch (BadArgumentException e) {
            return refused(String.valueOf(e.getMessage()), label);
        } catch (JobException e) {
            return refused(JobErrorText.of(e.error()), label);
        } catch (RuntimeException | Error e) {
            // Those before it run already: their ids must get to the caller.
            log.error("A job of a group could not be started", e);
            return refused("the server failed: " + e + ". Please report this.", label);
        }
    }

    private static Entry refused(String error, Optional<String> label) {
        return new Entry(Optional.empty(), Optional.of(error), label);
    }

    private static void write(JsonGenerator json, Entry entry, @Nullable EventQuery query) throws IOException {
        json.writeStartObject();
        if (entry.job().isPresent()) {
            Job job = entry.job().get();
            SpawnTool.writeSpawned(json, job);
            if (query != null) {
                Utf8Buffer page = EventPage.plain(job.output().events(), query, JobText.WORDING);
                json.writeFieldName("handshake");
                json.writeRawValue(new String(page.toByteArray(), StandardCharsets.UTF_8));
            }
        } else {
            json.writeStringField("error", entry.error().orElseThrow());
            if (entry.label().isPresent()) {
                json.writeStringField("label", entry.label().get());
            }
        }
        json.writeEndObject();
    }
}
