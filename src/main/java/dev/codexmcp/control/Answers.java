package dev.codexmcp.control;

import dev.codexmcp.job.HeldTime;
import dev.codexmcp.job.Job;
import dev.codexmcp.job.JobException;
import dev.codexmcp.job.fleet.FleetJob;
import dev.codexmcp.job.log.EventPage;
import dev.codexmcp.job.log.EventQuery;
import dev.codexmcp.job.log.EventWording;
import dev.codexmcp.json.ByteSlice;
import dev.codexmcp.json.Json;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Answers the requests of one connection. */
final class Answers implements EventWording {
    /** The longest page of events, and about the longest answer, in bytes. */
    static final int MOST_BYTES = 256 * 1024;

    private static final int MOST_EVENTS = 2000;
    private static final int MOST_LANES = 200;
    private static final int MOST_STEPS = 2000;

    private static final String OPERATIONS = "jobs, job, events, lanes, changes, cancel";

    private final Sources sources;
    private final ChangedJobs changed;

    Answers(Sources sources) {
        this.sources = sources;
        this.changed = new ChangedJobs(sources.fleet());
    }

    /** The answer to a request: JSON on one line. Completed already, unless git has to be asked. */
    CompletableFuture<byte[]> to(String line) {
        try {
            Request request = Request.parse(line);
            if (request.number("protocol", 0, Integer.MAX_VALUE, Greeting.PROTOCOL) > Greeting.PROTOCOL) {
                throw new BadRequestException("This server speaks protocol " + Greeting.PROTOCOL + ".");
            }
            String operation = request.text("op");
            if (operation.equals("changes")) {
                return JobFiles.of(find(request), sources.changes())
                        .exceptionally(
                                failure -> error("The server could not determine the changes: " + reason(failure)));
            }
            return CompletableFuture.completedFuture(answer(operation, request));
        } catch (BadRequestException e) {
            return CompletableFuture.completedFuture(error(String.valueOf(e.getMessage())));
        }
    }

    private static String reason(Throwable failure) {
        Throwable cause = failure.getCause();
        return String.valueOf((failure instanceof CompletionException && cause != null ? cause : failure).getMessage());
    }

    private byte[] answer(String operation, Request request) throws BadRequestException {
        return switch (operation) {
            case "jobs" -> changed.answer();
            case "job" -> Json.bytes(JobDetails.of(find(request)));
            case "events" -> events(request);
            case "lanes" -> lanes(request);
            case "cancel" -> cancel(request);
            default ->
                throw new BadRequestException(
                        "\"op\" is \"" + operation + "\", but this server knows " + OPERATIONS + ".");
        };
    }

    private static byte[] error(String message) {
        return Json.bytes(json -> {
            json.writeStartObject();
            json.writeStringField("error", Json.wellFormed(message));
            json.writeEndObject();
        });
    }

    private Job find(Request request) throws BadRequestException {
        String jobId = request.text("jobId");
        try {
            return sources.jobs().find(jobId);
        } catch (JobException e) {
            throw new BadRequestException("This server has no job \"" + jobId + "\".");
        }
    }

    private byte[] events(Request request) throws BadRequestException {
        ByteSlice page = EventPage.plain(
                find(request).output().events(),
                new EventQuery(
                        (int) request.number("cursor", 0, Integer.MAX_VALUE, 0),
                        (int) request.number("maxEvents", 1, MOST_EVENTS, MOST_EVENTS),
                        request.number("maxBytes", 1, MOST_BYTES, MOST_BYTES),
                        true,
                        Set.of()),
                this);
        return page.toByteArray();
    }

    private byte[] lanes(Request request) throws BadRequestException {
        List<String> ids = request.texts("jobIds");
        if (ids.size() > MOST_LANES) {
            throw new BadRequestException(
                    "\"jobIds\" has " + ids.size() + " ids, but takes at most " + MOST_LANES + ".");
        }
        long to = request.number("to", 0, Long.MAX_VALUE / 2, System.currentTimeMillis());
        long from = request.number("from", 0, to - 1, Math.max(0, to - 60_000));
        int steps = (int) request.number("steps", 1, MOST_STEPS, 400);
        List<HeldTime> held = sources.held().get();
        List<Lane> lanes = ids.stream()
                .flatMap(id -> changed.find(id).stream())
                .map(job -> Lane.of(job, from, to, steps, dependenciesEnd(job), held))
                .toList();
        return Json.bytes(json -> {
            json.writeStartObject();
            json.writeNumberField("from", from);
            json.writeNumberField("to", to);
            json.writeNumberField("steps", steps);
            json.writeObjectFieldStart("lanes");
            for (Lane lane : lanes) {
                lane.writeTo(json);
            }
            json.writeEndObject();
            json.writeEndObject();
        });
    }

    /** When all that the job depends on has ended, in milliseconds since 1970. */
    private long dependenciesEnd(FleetJob job) {
        return job.job().spec().scheduling().dependsOn().stream()
                .flatMap(id -> changed.find(id).stream())
                .mapToLong(each -> each.job().snapshot().finishedAt().orElse(Long.MAX_VALUE))
                .max()
                .orElse(0);
    }

    private byte[] cancel(Request request) throws BadRequestException {
        boolean canceled = find(request).cancel(request.flag("force"));
        return Json.bytes(json -> {
            json.writeStartObject();
            json.writeBooleanField("canceled", canceled);
            json.writeEndObject();
        });
    }

    @Override
    public String howToGetWhole(int index) {
        return "codex_events with cursor \"" + index + "\" and maxEvents 1 returns it whole";
    }

    @Override
    public String outOfMemory() {
        return "The server's heap is full: the worker was killed, and its last output is lost.";
    }
}
