package dev.codexmcp.tool;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.codex.Sandbox;
import dev.codexmcp.codex.WorkerOptions;
import dev.codexmcp.job.Job;
import dev.codexmcp.job.JobException;
import dev.codexmcp.job.JobScheduler;
import dev.codexmcp.job.JobSpec;
import dev.codexmcp.job.Place;
import dev.codexmcp.job.Scheduling;
import dev.codexmcp.job.log.EventPage;
import dev.codexmcp.job.log.EventQuery;
import dev.codexmcp.json.ByteSlice;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts several workers in one call. */
final class SpawnGroupTool implements Tool {
    private static final int MOST_HANDSHAKE_EVENTS = 25;

    /** About as long as an entry of the answer. */
    private static final int ENTRY_BYTES = 150;

    private static final Parameter<List<JsonNode>> JOBS = Parameter.objects(
                    "jobs",
                    1,
                    Parameter.withoutDescriptions(WorkerParameters.ALL),
                    "One per worker: any arguments of codex_spawn.")
            .required();
    private static final Parameter<Arguments> DEFAULTS = Parameter.object(
            "defaults", WorkerParameters.BARE_OPTIONS, "Any options of codex_spawn, for jobs that leave them out.");
    private static final Parameter<Boolean> INCLUDE_HANDSHAKE =
            Parameter.flag("includeHandshake", "Add a first page of each job's events.");
    private static final Parameter<Integer> HANDSHAKE_MAX_EVENTS = Parameter.integer(
            "handshakeMaxEvents", 1, Integer.MAX_VALUE, MOST_HANDSHAKE_EVENTS, "Events on it, 25 at most.");

    private static final ToolSpecification SPEC = new ToolSpecification(
            "codex_spawn_group",
            "Start several Codex workers",
            "Start several Codex workers in one call. Answers at once, in the order given, with each one's jobId or error; "
                    + "an error affects no other job. Then as after codex_spawn.",
            ToolAnnotations.DELEGATES,
            List.of(JOBS, DEFAULTS, INCLUDE_HANDSHAKE, HANDSHAKE_MAX_EVENTS),
            List.of(
                    JobParameters.FOLDER_TAKEN,
                    Parameter.objects(
                                    "results",
                                    0,
                                    List.of(
                                            Parameter.text("jobId", "If the job has been started or queued."),
                                            Parameter.text("status", "running or queued"),
                                            Parameter.text("startedAt", "ISO 8601, UTC."),
                                            Parameter.integer(
                                                    "position", 1, Integer.MAX_VALUE, "In the queue, if queued."),
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

    /** The outcome of one entry: a job, or an error. */
    private record Entry(Optional<Job> job, Optional<String> error, Optional<String> label, List<Job> meeting) {}

    @Override
    public ToolSpecification spec() {
        return SPEC;
    }

    @Override
    public CompletableFuture<ToolResult> call(Arguments arguments, Caller caller) throws BadArgumentException {
        List<JsonNode> jobs = arguments.required(JOBS);
        Optional<Arguments> given = arguments.optional(DEFAULTS);
        boolean folderWanted = isFolderWanted(jobs, given);
        WorkerOptions own = WorkerParameters.defaults(scheduler, caller, folderWanted);
        boolean handshake = arguments.orElse(INCLUDE_HANDSHAKE, false);
        int events = Math.min(arguments.orElse(HANDSHAKE_MAX_EVENTS, MOST_HANDSHAKE_EVENTS), MOST_HANDSHAKE_EVENTS);
        Scheduling scheduling = given.isPresent()
                ? SchedulingParameters.scheduling(given.get(), scheduler.defaults())
                : scheduler.defaults();
        WorkerOptions defaults = given.isPresent()
                ? WorkerParameters.options(given.get(), own, scheduler.runsHere(scheduling.launcher()))
                : own;
        Place place = given.isPresent()
                ? PlaceParameters.place(given.get(), defaults.workingDirectory(), Place.SHARED)
                : Place.SHARED;
        List<GroupPlan.Wish> wishes = new ArrayList<>();
        for (int i = 0; i < jobs.size(); i++) {
            wishes.add(wish(jobs.get(i), "jobs[" + i + "]", defaults, scheduling, place)
                    .by(caller.boss()));
        }
        List<Entry> entries = spawn(wishes);
        @Nullable
        EventQuery query =
                handshake ? EventQuery.first(events, Math.max(1, caller.limits().pageBytes() / jobs.size())) : null;
        return CompletableFuture.completedFuture(new ToolResult.Json(json -> {
            json.writeStartObject();
            if (caller.limits().cutsTexts()
                    && entries.size() * ENTRY_BYTES > caller.limits().pageBytes()) {
                json.writeStringField("note", "If this answer is cut: codex_list has all jobs.");
            }
            if (folderWanted && entries.stream().anyMatch(entry -> entry.job().isPresent())) {
                json.writeStringField("workingDirectory", DefaultFolder.name(own.workingDirectory()));
            }
            json.writeArrayFieldStart("results");
            for (Entry entry : entries) {
                write(json, entry, query);
            }
            json.writeEndArray();
            json.writeEndObject();
        }));
    }

    /** Whether any job leaves its folder to the server. */
    private static boolean isFolderWanted(List<JsonNode> jobs, Optional<Arguments> defaults)
            throws BadArgumentException {
        String name = WorkerParameters.WORKING_DIRECTORY.name();
        return (defaults.isEmpty() || WorkerParameters.isFolderWanted(defaults.get()))
                && jobs.stream().anyMatch(job -> !job.hasNonNull(name));
    }

    private GroupPlan.Wish wish(
            JsonNode entry, String path, WorkerOptions defaults, Scheduling scheduling, Place place) {
        if (!entry.isObject()) {
            String error = "\"" + path + "\" takes an object with the arguments of codex_spawn.";
            return new GroupPlan.Wish(Optional.empty(), Optional.of(error), Optional.empty());
        }
        Arguments arguments = new Arguments(entry, path + ".");
        Optional<String> label = Optional.empty();
        try {
            label = arguments.optional(WorkerParameters.LABEL);
            JobSpec spec = WorkerParameters.job(arguments, defaults, defaultSandbox, scheduling, place, scheduler);
            return new GroupPlan.Wish(Optional.of(spec), Optional.empty(), label);
        } catch (BadArgumentException e) {
            return new GroupPlan.Wish(Optional.empty(), Optional.of(String.valueOf(e.getMessage())), label);
        }
    }

    private List<Entry> spawn(List<GroupPlan.Wish> wishes) {
        GroupPlan plan = new GroupPlan(wishes);
        Map<Integer, Entry> entries = new HashMap<>();
        Map<Integer, String> jobIds = new HashMap<>();
        for (int i : plan.order()) {
            Entry entry = spawn(plan, i, wishes.get(i), jobIds);
            entries.put(i, entry);
            entry.job().ifPresent(job -> jobIds.put(i, job.id()));
        }
        Set<Integer> circles = plan.circles();
        List<Entry> all = new ArrayList<>();
        for (int i = 0; i < wishes.size(); i++) {
            Entry entry = entries.get(i);
            all.add(entry == null ? neverReady(plan, i, wishes.get(i), circles, jobIds) : entry);
        }
        return all;
    }

    /** The refusal of an entry in a circle of dependencies, or of one that depends on such an entry. */
    private static Entry neverReady(
            GroupPlan plan, int index, GroupPlan.Wish wish, Set<Integer> circles, Map<Integer, String> jobIds) {
        return circles.contains(index)
                ? refused(
                        "\"jobs[" + index
                                + "].dependsOn\" makes jobs of the group depend on each other in a circle. Remove one of the dependencies.",
                        wish.label())
                : ofRefused(plan, index, wish, jobIds).orElseThrow();
    }

    /** The refusal of an entry that depends on a refused one; empty if it does not. */
    private static Optional<Entry> ofRefused(
            GroupPlan plan, int index, GroupPlan.Wish wish, Map<Integer, String> jobIds) {
        return plan.dependencies(index).stream()
                .filter(dependency -> !jobIds.containsKey(dependency))
                .findFirst()
                .map(dependency -> refused(
                        "\"jobs[" + index + "].dependsOn\" names jobs[" + dependency
                                + "], which was refused. Fix that one first.",
                        wish.label()));
    }

    private Entry spawn(GroupPlan plan, int index, GroupPlan.Wish wish, Map<Integer, String> jobIds) {
        if (wish.spec().isEmpty()) {
            return refused(wish.error().orElseThrow(), wish.label());
        }
        Optional<String> ambiguous = plan.ambiguous(index);
        if (ambiguous.isPresent()) {
            return refused(
                    "\"jobs[" + index + "].dependsOn\" names the label \"" + ambiguous.get()
                            + "\", which several jobs of the group have. Give each a label of its own.",
                    wish.label());
        }
        Optional<Entry> refused = ofRefused(plan, index, wish, jobIds);
        if (refused.isPresent()) {
            return refused.get();
        }
        try {
            JobSpec spec = wish.spec().get();
            List<String> dependsOn = plan.jobIds(index, jobIds);
            Job job = scheduler.spawn(spec.with(spec.scheduling().after(dependsOn)));
            return new Entry(
                    Optional.of(job),
                    Optional.empty(),
                    wish.label(),
                    job.position() > 0 ? List.of() : scheduler.meeting(job));
        } catch (JobException e) {
            return refused(JobErrorText.of(e.error()), wish.label());
        } catch (RuntimeException | Error e) {
            // Earlier entries already run: the caller must get their ids.
            log.error("A job of a group could not be started", e);
            return refused("the server failed: " + e + ". Please report this.", wish.label());
        }
    }

    private static Entry refused(String error, Optional<String> label) {
        return new Entry(Optional.empty(), Optional.of(error), label, List.of());
    }

    private static void write(JsonGenerator json, Entry entry, @Nullable EventQuery query) throws IOException {
        json.writeStartObject();
        if (entry.job().isPresent()) {
            Job job = entry.job().get();
            SpawnTool.writeSpawned(json, job);
            DeclaredOverlaps.write(json, job, entry.meeting());
            if (query != null) {
                ByteSlice page = EventPage.plain(job.output().events(), query, JobText.WORDING);
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
