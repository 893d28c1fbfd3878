package dev.codexmcp.tool;

import dev.codexmcp.codex.event.EventType;
import dev.codexmcp.job.Job;
import dev.codexmcp.job.JobException;
import dev.codexmcp.job.JobRegistry;
import dev.codexmcp.job.log.EventPage;
import dev.codexmcp.job.log.EventQuery;
import dev.codexmcp.tool.schema.Arguments;
import dev.codexmcp.tool.schema.BadArgumentException;
import dev.codexmcp.tool.schema.ExecutionModel;
import dev.codexmcp.tool.schema.Parameter;
import dev.codexmcp.tool.schema.ToolAnnotations;
import dev.codexmcp.tool.schema.ToolResult;
import dev.codexmcp.tool.schema.ToolSpecification;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Returns a job's events, page by page. */
final class EventsTool implements Tool {
    private static final int DEFAULT_EVENTS = 200;

    private static final Parameter<String> CURSOR =
            Parameter.text("cursor", "nextCursor of the page before; default: the start.");
    private static final Parameter<Integer> MAX_EVENTS =
            Parameter.integer("maxEvents", 1, 2000, DEFAULT_EVENTS, "If given, no byte limit applies but maxBytes.");
    private static final Parameter<Integer> MAX_BYTES = Parameter.integer(
            "maxBytes",
            1,
            Integer.MAX_VALUE,
            "Default: what your host takes. One event comes in any case, cut if need be.");
    private static final Parameter<List<String>> TYPES = Parameter.words(
            "types", Arrays.stream(EventType.values()).map(EventType::wire).toList(), "Only these types.");

    private static final ToolSpecification SPEC = new ToolSpecification(
            "codex_events",
            "Events of a job",
            "Look in on a worker: its messages, commands, file changes and errors, oldest first. Go on from nextCursor until "
                    + "done. A cheap look: types [\"message\",\"error\"].",
            ToolAnnotations.WATCHES,
            List.of(JobParameters.JOB_ID, CURSOR, MAX_EVENTS, MAX_BYTES, TYPES),
            ExecutionModel.LONG_ANSWER);

    private final JobRegistry jobs;

    EventsTool(JobRegistry jobs) {
        this.jobs = jobs;
    }

    @Override
    public ToolSpecification spec() {
        return SPEC;
    }

    @Override
    public CompletableFuture<ToolResult> call(Arguments arguments, Caller caller)
            throws BadArgumentException, JobException {
        Job job = jobs.find(arguments.required(JobParameters.JOB_ID));
        Optional<Integer> maxEvents = arguments.optional(MAX_EVENTS);
        Optional<Long> maxBytes = arguments
                .optional(MAX_BYTES)
                .map(Integer::longValue)
                .or(() -> maxEvents.isPresent()
                        ? Optional.empty()
                        : Optional.of((long) caller.limits().pageBytes()));
        EventQuery query = new EventQuery(
                position(arguments, CURSOR),
                maxEvents.orElse(DEFAULT_EVENTS),
                maxBytes.orElse(Long.MAX_VALUE),
                maxBytes.isPresent(),
                types(arguments));
        return CompletableFuture.completedFuture(
                new ToolResult.EscapedText(EventPage.escaped(job.output().events(), query, JobText.WORDING)));
    }

    /** The position that an opaque cursor stands for; without one, the start. */
    static int position(Arguments arguments, Parameter<String> field) throws BadArgumentException {
        String cursor = arguments.orElse(field, "0");
        if (!cursor.matches("\\d{1,9}")) {
            throw new BadArgumentException("\"" + field.name() + "\" is \"" + cursor
                    + "\": it must be the cursor from an earlier answer, or \"0\" for the start.");
        }
        return Integer.parseInt(cursor);
    }

    private static Set<EventType> types(Arguments arguments) throws BadArgumentException {
        List<String> wanted = arguments.orElse(TYPES, List.of());
        Set<EventType> types = EnumSet.noneOf(EventType.class);
        for (EventType type : EventType.values()) {
            if (wanted.contains(type.wire())) {
                types.add(type);
            }
        }
        return types;
    }
}
