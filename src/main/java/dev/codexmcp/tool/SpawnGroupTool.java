package dev.codexmcp.tool;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.codex.Sandbox;
import dev.codexmcp.codex.WorkerOptions;
import dev.codexmcp.job.EventPage;
import dev.codexmcp.job.EventQuery;
import dev.codexmcp.job.Job;
import dev.codexmcp.job.JobException;
import dev.codexmcp.job.JobRegistry;
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

/** Starts several workers in one call. */
final class SpawnGroupTool implements Tool {
    private static final int MOST_HANDSHAKE_EVENTS = 25;

    private static final Parameter<List<JsonNode>> JOBS = Parameter.objects(
                    "jobs", 1, WorkerParameters.ALL, "One entry a worker, with the arguments of codex_spawn.")
            .required();
    private static final Parameter<Arguments> DEFAULTS =
            Parameter.object("defaults", WorkerParameters.OPTIONS, "Options for the jobs that leave them out.");
    private static final Parameter<Boolean> INCLUDE_HANDSHAKE =
            Parameter.flag("includeHandshake", "true: each entry comes with a first page of its job's events.");
    private static final Parameter<Integer> HANDSHAKE_MAX_EVENTS = Parameter.integer(
            "handshakeMaxEvents", 1, Integer.MAX_VALUE, MOST_HANDSHAKE_EVENTS, "Events on that page, 25 at most.");

    private static final ToolSpecification SPEC = new ToolSpecification(
            "codex_spawn_group",
            "Start several Codex workers",
            "Start several Codex workers at once, in the background. Answers at once with a result for each job in the order "
                    + "given: its jobId, or the error that kept it from starting, which spoils no other. Then go on as after "
                    + "codex_spawn.",
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

    private final JobRegistry registry;
    private final Sandbox defaultSandbox;

    SpawnGroupTool(JobRegistry registry, Sandbox defaultSandbox) {
        this.registry = registry;
        this.defaultSandbox = defaultSandbox;
    }

    /** What became of one entry: a job, or an error. */
    private record Entry(Optional<Job> job, Optional<String> error, Optional<String> label) {}

    @Override
    public ToolSpecification spec() {
        return SPEC;
    }

    @Override
    public CompletableFuture<ToolResult> call(Arguments arguments, ProgressListener progress)
            throws BadArgumentException {
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
            return new Entry(
                    Optional.empty(),
                    Optional.of("\"" + path + "\" takes an object with the arguments of codex_spawn."),
                    Optional.empty());
        }
        Arguments arguments = new Arguments(entry, path + ".");
        Optional<String> label = Optional.empty();
        try {
            label = arguments.optional(WorkerParameters.LABEL);
            Job job = registry.spawn(WorkerParameters.job(arguments, defaults, defaultSandbox));
            return new Entry(Optional.of(job), Optional.empty(), label);
        } catch (BadArgumentException | JobException e) {
            return new Entry(Optional.empty(), Optional.of(String.valueOf(e.getMessage())), label);
        }
    }

    private static void write(JsonGenerator json, Entry entry, @Nullable EventQuery query) throws IOException {
        json.writeStartObject();
        if (entry.job().isPresent()) {
            Job job = entry.job().get();
            SpawnTool.writeSpawned(json, job);
            if (query != null) {
                EventPage page = job.events(query);
                json.writeFieldName("handshake");
                json.writeRawValue(new String(page.json().toByteArray(), StandardCharsets.UTF_8));
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
