package dev.codexmcp.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codexmcp.cli.fleet.JobRow;
import dev.codexmcp.cli.fleet.LiveFleet;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Answers the page's requests. */
final class Api {
    /** The most streams; a browser opens one for all its pages. */
    private static final int MOST_STREAMS = 32;

    /** How often a stream sends changes, in milliseconds. */
    private static final long TICK_MILLIS = 50;

    /** The most ticks without a line: only a write reveals that a page has been closed. */
    private static final int QUIET_TICKS = 60;

    private static final int EVENT_BYTES = 96 * 1024;

    /** How often a request that waits for events checks for them, and how long it waits at most, in milliseconds. */
    private static final long LOOK_MILLIS = 60;

    private static final long MOST_WAIT_MILLIS = 1000;

    private static final Pattern JOB = Pattern.compile("/api/jobs/([A-Za-z0-9_-]{1,64})(?:/(events|changes|cancel))?");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,15}");
    private static final Pattern PARAMETER = Pattern.compile("([a-z]+)=([^&]*)");

    private final LiveFleet fleet;
    private final Semaphore streams = new Semaphore(MOST_STREAMS);

    Api(LiveFleet fleet) {
        this.fleet = fleet;
    }

    static ObjectNode error(String message) {
        return JsonNodeFactory.instance.objectNode().put("error", message);
    }

    /** @param query the part of the address after the question mark, if any */
    JsonNode answer(String path, @Nullable String query) throws HttpFailure, InterruptedException {
        Map<String, String> parameters = new HashMap<>();
        Matcher given = PARAMETER.matcher(query == null ? "" : query);
        while (given.find()) {
            parameters.put(given.group(1), given.group(2));
        }
        if (path.equals("/api/jobs")) {
            return news(-1, new HashSet<>());
        }
        if (path.equals("/api/lanes")) {
            return lanes(parameters);
        }
        Matcher job = JOB.matcher(path);
        if (!job.matches()) {
            throw new HttpFailure(404, "not found");
        }
        return ofJob(job.group(1), job.group(2) == null ? "" : job.group(2), parameters);
    }

    private JsonNode ofJob(String id, String what, Map<String, String> parameters)
            throws HttpFailure, InterruptedException {
        JobRow job = fleet.find(id).orElseThrow(() -> new HttpFailure(404, "no such job"));
        try {
            return switch (what) {
                case "events" -> events(job, number(parameters, "cursor", 0), number(parameters, "wait", 0));
                case "changes" -> fleet.askSlowly(job, LiveFleet.request("changes"));
                case "cancel" -> fleet.ask(job, LiveFleet.request("cancel"));
                default -> fleet.ask(job, LiveFleet.request("job"));
            };
        } catch (IOException e) {
            throw new HttpFailure(502, String.valueOf(e.getMessage()));
        }
    }

    /** @param wait how long to wait for an event if there is none, in milliseconds */
    private JsonNode events(JobRow job, long cursor, long wait) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + Math.min(wait, MOST_WAIT_MILLIS) * 1_000_000;
        while (true) {
            JsonNode page = fleet.ask(
                    job, LiveFleet.request("events").put("cursor", cursor).put("maxBytes", EVENT_BYTES));
            if (!page.path("events").isEmpty() || page.path("done").asBoolean() || System.nanoTime() > deadline) {
                return page;
            }
            Thread.sleep(LOOK_MILLIS);
        }
    }

    private JsonNode lanes(Map<String, String> parameters) throws HttpFailure {
        ObjectNode request = LiveFleet.request("lanes")
                .put("from", number(parameters, "from", 0))
                .put("to", number(parameters, "to", 0))
                .put("steps", number(parameters, "steps", 400));
        ArrayNode ids = request.putArray("jobIds");
        List.of(parameters.getOrDefault("ids", "").split(",")).forEach(ids::add);
        ObjectNode merged = JsonNodeFactory.instance.objectNode();
        ObjectNode lanes = merged.putObject("lanes");
        for (JsonNode answer : fleet.askAll(request)) {
            if (answer.path("lanes") instanceof ObjectNode some) {
                lanes.setAll(some);
                for (String name : List.of("from", "to", "steps")) {
                    merged.set(name, answer.path(name));
                }
            }
        }
        return merged;
    }

    private static long number(Map<String, String> parameters, String name, long otherwise) throws HttpFailure {
        String text = parameters.get(name);
        if (text == null) {
            return otherwise;
        }
        if (!NUMBER.matcher(text).matches()) {
            throw new HttpFailure(400, name + " takes a number");
        }
        return Long.parseLong(text);
    }

    /** Begins the answer to a request for a stream, and returns its body. */
    @FunctionalInterface
    interface Body {
        OutputStream begin() throws IOException;
    }

    /**
     * Writes a line of news whenever there is any, until the page has gone.
     *
     * @throws HttpFailure before the answer has begun, if there are too many pages
     */
    void stream(Body body) throws IOException, InterruptedException, HttpFailure {
        if (!streams.tryAcquire()) {
            throw new HttpFailure(503, "too many pages");
        }
        fleet.watched(true);
        try {
            OutputStream out = body.begin();
            Set<String> known = new HashSet<>();
            long change = -1;
            int quiet = 0;
            while (true) {
                long now = fleet.change();
                if (now != change || quiet >= QUIET_TICKS) {
                    byte[] line = (news(change, known) + "\n").getBytes(StandardCharsets.UTF_8);
                    out.write(line);
                    out.flush();
                    change = now;
                    quiet = 0;
                }
                quiet++;
                Thread.sleep(TICK_MILLIS);
            }
        } finally {
            fleet.watched(false);
            streams.release();
        }
    }

    /**
     * The jobs that have changed since, and those that have gone.
     *
     * @param known the ids that the page knows; brought up to date
     */
    private ObjectNode news(long since, Set<String> known) {
        ObjectNode news = JsonNodeFactory.instance.objectNode();
        news.put("now", System.currentTimeMillis());
        ArrayNode servers = news.putArray("servers");
        fleet.servers()
                .forEach(server -> servers.addObject()
                        .put("pid", server.pid())
                        .put("version", server.version())
                        .put("directory", server.directory()));
        ArrayNode problems = news.putArray("problems");
        fleet.problems().forEach(problems::add);
        ArrayNode jobs = news.putArray("jobs");
        for (JobRow job : fleet.changedSince(since)) {
            jobs.add(job.json().deepCopy().put("server", job.server().pid()));
            known.add(job.id());
        }
        ArrayNode gone = news.putArray("gone");
        known.removeIf(id -> {
            boolean isGone = fleet.find(id).isEmpty();
            if (isGone) {
                gone.add(id);
            }
            return isGone;
        });
        return news;
    }
}
