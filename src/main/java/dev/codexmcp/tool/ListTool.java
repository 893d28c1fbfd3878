package dev.codexmcp.tool;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.codexmcp.job.Boss;
import dev.codexmcp.job.Hold;
import dev.codexmcp.job.JobScheduler;
import dev.codexmcp.job.JobStatus;
import dev.codexmcp.job.Permits;
import dev.codexmcp.job.fleet.Fleet;
import dev.codexmcp.job.fleet.FleetJob;
import dev.codexmcp.job.fleet.FleetPage;
import dev.codexmcp.job.fleet.FleetQuery;
import dev.codexmcp.job.fleet.FleetRowJson;
import dev.codexmcp.json.Json;
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
import java.util.stream.Stream;

/** Shows the whole fleet at a glance. */
final class ListTool implements Tool {
    /** The most bytes of a page. */
    private static final int MOST_BYTES = 8 * 1024;

    /** The bytes before the rows. */
    private static final int FRAME = 256;

    private static final int DEFAULT_LIMIT = 50;

    private static final List<JobStatus> STATES =
            List.of(JobStatus.QUEUED, JobStatus.RUNNING, JobStatus.DONE, JobStatus.FAILED, JobStatus.CANCELED);

    private static final Parameter<List<String>> STATUS =
            Parameter.words("status", STATES.stream().map(JobStatus::wire).toList(), "Only these.");
    private static final Parameter<Boolean> MINE = Parameter.flag("mine", "Only jobs that you started.");
    private static final Parameter<Integer> LIMIT = Parameter.integer("limit", 1, 500, DEFAULT_LIMIT, "Rows at most.");

    private static final ToolSpecification SPEC = new ToolSpecification(
            "codex_list",
            "All jobs at a glance",
            "See all jobs: what each is doing, how long it has been idle, what needs attention. For changes only, "
                    + "give the last rev as since.",
            ToolAnnotations.WATCHES,
            List.of(STATUS, FleetParameters.LABEL, FleetParameters.SINCE, LIMIT, MINE),
            List.of(
                    FleetParameters.REV,
                    Parameter.object("counts", counts(), "All jobs by status.").required(),
                    Parameter.object(
                                    "permits",
                                    Stream.of("used", "max")
                                            .<Parameter<?>>map(name -> Parameter.integer(
                                                    name, 0, Integer.MAX_VALUE, "Jobs that run, or may."))
                                            .toList(),
                                    "Places for running jobs.")
                            .required(),
                    Parameter.count("tokens", "Used by all jobs, input and output.")
                            .required(),
                    FleetParameters.HOLD,
                    FleetParameters.rows("jobs", "A row each: attention first, then running, queued, ended.")
                            .required(),
                    FleetParameters.MORE),
            ExecutionModel.LONG_ANSWER);

    private final Fleet fleet;
    private final JobScheduler scheduler;

    ListTool(Fleet fleet, JobScheduler scheduler) {
        this.fleet = fleet;
        this.scheduler = scheduler;
    }

    private static List<Parameter<?>> counts() {
        return STATES.stream()
                .<Parameter<?>>map(state -> Parameter.integer(state.wire(), 0, Integer.MAX_VALUE, "Jobs."))
                .toList();
    }

    @Override
    public ToolSpecification spec() {
        return SPEC;
    }

    @Override
    public CompletableFuture<ToolResult> call(Arguments arguments, Caller caller) throws BadArgumentException {
        Optional<FleetQuery.JobsOf> mine = arguments.orElse(MINE, false)
                ? Optional.of(new FleetQuery.JobsOf(caller.boss().map(Boss::threadId)))
                : Optional.empty();
        FleetQuery query = FleetParameters.query(arguments).only(arguments.orElse(STATUS, List.of()), mine);
        FleetPage page = fleet.list(query, arguments.orElse(LIMIT, DEFAULT_LIMIT));
        List<String> rows = rows(page, Math.min(MOST_BYTES, caller.limits().pageBytes()) - FRAME);
        int shown = rows.size();
        long rev = query.since().isPresent() && shown > 0
                ? page.jobs().get(shown - 1).rev()
                : page.rev();
        Permits permits = scheduler.permits();
        Optional<Hold> hold = scheduler.hold();
        return CompletableFuture.completedFuture(new ToolResult.Json(json -> {
            json.writeStartObject();
            json.writeNumberField("rev", rev);
            writeCounts(json, page);
            json.writeObjectFieldStart("permits");
            json.writeNumberField("used", permits.used());
            json.writeNumberField("max", permits.max());
            json.writeEndObject();
            json.writeNumberField("tokens", page.tokens());
            if (hold.isPresent()) {
                FleetParameters.writeHold(json, hold.get());
            }
            if (page.matching() > shown) {
                json.writeNumberField("more", page.matching() - shown);
            }
            json.writeArrayFieldStart("jobs");
            for (String row : rows) {
                json.writeRawValue(row);
            }
            json.writeEndArray();
            json.writeEndObject();
        }));
    }

    /** The rows that fit, at least one. */
    private static List<String> rows(FleetPage page, int most) {
        long now = System.currentTimeMillis();
        List<String> rows = new ArrayList<>();
        int bytes = 0;
        for (FleetJob job : page.jobs()) {
            byte[] row = Json.bytes(FleetRowJson.of(job.row(now)));
            bytes += row.length + 1;
            if (bytes > most && !rows.isEmpty()) {
                break;
            }
            rows.add(new String(row, StandardCharsets.UTF_8));
        }
        return rows;
    }

    private static void writeCounts(JsonGenerator json, FleetPage page) throws IOException {
        json.writeObjectFieldStart("counts");
        for (JobStatus state : STATES) {
            json.writeNumberField(state.wire(), page.counts().getOrDefault(state, 0));
        }
        json.writeEndObject();
    }
}
