package dev.codexmcp.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codexmcp.testkit.JobTools;
import dev.codexmcp.testkit.McpClient;
import dev.codexmcp.testkit.TestJson;
import dev.codexmcp.testkit.ToolOutput;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** The boss, a client of the server: spawns workers, shows their events live, and collects their results. */
final class DemoBoss {

    /** A job that has been spawned. */
    static final class Worker {
        private final String label;
        private final String jobId;
        private String cursor = "0";
        private boolean started;
        private boolean spoken;
        private boolean ended;
        private Instant startedAt = Instant.EPOCH;
        private Instant endedAt = Instant.EPOCH;

        private Worker(String label, String jobId) {
            this.label = label;
            this.jobId = jobId;
        }

        String label() {
            return label;
        }

        boolean hasSpoken() {
            return spoken;
        }

        boolean hasEnded() {
            return ended;
        }

        /** Notes when an event says that the worker has started or ended. */
        private void note(JsonNode event) {
            Instant time = Instant.parse(event.path("timestamp").asText());
            if (event.path("content").path("kind").asText().equals("spawned")) {
                started = true;
                startedAt = time;
            }
            spoken |= event.path("type").asText().equals("message");
            endedAt = time;
        }

        /** How long it ran, in seconds. */
        private double seconds() {
            return started ? Duration.between(startedAt, endedAt).toMillis() / 1000.0 : 0;
        }
    }

    /**
     * A job of a group.
     *
     * @param more further arguments of {@code codex_spawn}
     */
    record Part(String label, String prompt, Map<String, ?> more) {}

    /**
     * The outcome of a job.
     *
     * @param said the first line of its message
     * @param seconds how long it ran
     * @param host where it ran; empty if here
     */
    record Outcome(String label, String status, String said, List<String> modifiedFiles, double seconds, String host) {}

    /** How often the boss reads the events while no job ends. */
    private static final Duration LOOK = Duration.ofMillis(100);

    private final McpClient client;
    private final JobTools jobs;
    private final Path directory;
    private final Screen screen;
    private final List<Worker> workers = new ArrayList<>();

    /** @param directory the workers' working directory */
    DemoBoss(McpClient client, Path directory, Screen screen) {
        this.client = client;
        this.jobs = new JobTools(client);
        this.directory = directory;
        this.screen = screen;
    }

    /** A worker's prompt from the server's template. */
    String prompt(String label, String file, String task) {
        ObjectNode params = TestJson.object().put("name", "delegate");
        params.putObject("arguments")
                .put("objective", "The part of " + label + " is in " + file + ".")
                .put("label", label)
                .put("task", task)
                .put("scope", file)
                .put("constraints", "Keep it short. Use no tool but the shell and apply_patch.")
                .put("outputFormat", "One sentence.");
        JsonNode result = client.request("prompts/get", params).path("result");
        return result.path("messages").path(0).path("content").path("text").asText();
    }

    Worker spawn(String label, String prompt) {
        ToolOutput answer = client.call(
                "codex_spawn",
                Map.of(
                        "prompt",
                        prompt,
                        "label",
                        label,
                        "sandbox",
                        "workspace-write",
                        "workingDirectory",
                        directory.toString()));
        if (answer.isError()) {
            throw new DemoFailure(answer.text());
        }
        Worker worker = new Worker(label, answer.json().path("jobId").asText());
        workers.add(worker);
        return worker;
    }

    /** Spawns all parts in one call; those that no permit is free for are queued. */
    List<Worker> spawnAll(List<Part> parts) {
        List<Map<String, Object>> entries = new ArrayList<>();
        for (Part part : parts) {
            Map<String, Object> entry = new LinkedHashMap<>(part.more());
            entry.put("label", part.label());
            entry.put("prompt", part.prompt());
            entries.add(entry);
        }
        Map<String, Object> defaults =
                Map.of("queue", true, "sandbox", "workspace-write", "workingDirectory", directory.toString());
        ToolOutput answer = client.call("codex_spawn_group", Map.of("jobs", entries, "defaults", defaults));
        List<Worker> spawned = new ArrayList<>();
        for (JsonNode result : answer.json().path("results")) {
            if (result.has("error")) {
                throw new DemoFailure(result.path("error").asText());
            }
            spawned.add(new Worker(
                    result.path("label").asText(), result.path("jobId").asText()));
        }
        workers.addAll(spawned);
        return spawned;
    }

    /** Shows what {@code codex_list} says, a line for each job that has not ended. */
    void overview() {
        JsonNode list = client.call("codex_list", Map.of("status", List.of("queued", "running")))
                .json();
        JsonNode permits = list.path("permits");
        screen.event(Screen.BOSS, "looks", permits.path("used") + " of " + permits.path("max") + " permits are taken");
        for (JsonNode row : list.path("jobs")) {
            screen.event(
                    row.path("label").asText(),
                    row.path("status").asText(),
                    row.path("doing").asText());
        }
    }

    /** How long it took from the first start to the last end, in seconds. */
    double seconds() {
        Instant first = workers.stream()
                .filter(worker -> worker.started)
                .map(worker -> worker.startedAt)
                .min(Instant::compareTo)
                .orElse(Instant.EPOCH);
        Instant last = workers.stream()
                .map(worker -> worker.endedAt)
                .max(Instant::compareTo)
                .orElse(first);
        return Duration.between(first, last).toMillis() / 1000.0;
    }

    /** Collects all ended workers in one call. */
    List<Outcome> collectAll() {
        JsonNode answer = client.call("codex_wait", Map.of("timeoutMs", 0)).json();
        List<Outcome> outcomes = new ArrayList<>();
        for (Worker worker : workers) {
            for (JsonNode row : answer.path("ended")) {
                if (row.path("jobId").asText().equals(worker.jobId)) {
                    outcomes.add(outcome(worker, row));
                }
            }
        }
        return outcomes;
    }

    private static Outcome outcome(Worker worker, JsonNode row) {
        String result = row.path("finalMessage").asText();
        String status = row.path("status").asText();
        String said = status.equals("done")
                ? result.lines().findFirst().orElse("")
                : row.path("reason").asText();
        return new Outcome(
                worker.label,
                status,
                said,
                modifiedFiles(result),
                worker.seconds(),
                row.path("host").asText());
    }

    /** Shows the events of all workers until all have ended, a condition holds, or the time is up. */
    void follow(Duration limit, BooleanSupplier until) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            workers.stream().filter(worker -> !worker.ended).forEach(this::tellNews);
            String[] running = workers.stream()
                    .filter(worker -> !worker.ended)
                    .map(worker -> worker.jobId)
                    .toArray(String[]::new);
            if (running.length == 0 || until.getAsBoolean() || System.nanoTime() > deadline) {
                return;
            }
            var unused = jobs.waitAny(LOOK, running);
        }
    }

    private void tellNews(Worker worker) {
        JsonNode page = client.call("codex_events", Map.of("jobId", worker.jobId, "cursor", worker.cursor))
                .json();
        worker.cursor = page.path("nextCursor").asText();
        worker.ended = page.path("done").asBoolean();
        for (JsonNode event : page.path("events")) {
            worker.note(event);
            EventText.of(event).ifPresent(line -> screen.event(worker.label, line.kind(), line.text()));
        }
    }

    Outcome collect(Worker worker) {
        JsonNode status = jobs.status(worker.jobId);
        String result = jobs.result(worker.jobId);
        String said = result.lines().findFirst().orElse("");
        return new Outcome(
                worker.label,
                status.path("status").asText(),
                said,
                modifiedFiles(result),
                worker.seconds(),
                status.path("host").asText());
    }

    /** The list at the end of a final message. */
    private static List<String> modifiedFiles(String message) {
        int list = message.indexOf("modifiedFiles:");
        return list < 0
                ? List.of()
                : message.substring(list)
                        .lines()
                        .skip(1)
                        .map(String::strip)
                        .takeWhile(line -> !line.isEmpty())
                        .filter(line -> !line.equals("(none)"))
                        .toList();
    }

    /** The files that more than one of these jobs reports. */
    static List<String> overlap(List<Outcome> outcomes) {
        Map<String, Integer> writers = new LinkedHashMap<>();
        for (Outcome outcome : outcomes) {
            outcome.modifiedFiles().stream().distinct().forEach(file -> writers.merge(file, 1, Integer::sum));
        }
        return writers.entrySet().stream()
                .filter(entry -> entry.getValue() > 1)
                .map(Map.Entry::getKey)
                .toList();
    }
}
