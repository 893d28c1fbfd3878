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
        private boolean ended;

        private Worker(String label, String jobId) {
            this.label = label;
            this.jobId = jobId;
        }

        String label() {
            return label;
        }

        boolean hasEnded() {
            return ended;
        }
    }

    /**
     * The outcome of a job.
     *
     * @param said the first line of its message
     * @param seconds how long it ran
     */
    record Outcome(String label, String status, String said, List<String> modifiedFiles, double seconds) {}

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
            EventText.of(event).ifPresent(line -> screen.event(worker.label, line.kind(), line.text()));
        }
    }

    void cancel(Worker worker) {
        var unused = jobs.cancel(worker.jobId, false);
    }

    Outcome collect(Worker worker) {
        JsonNode status = jobs.status(worker.jobId);
        String result = jobs.result(worker.jobId);
        int list = result.indexOf("modifiedFiles:");
        List<String> files = list < 0
                ? List.of()
                : result.substring(list)
                        .lines()
                        .skip(1)
                        .map(String::strip)
                        .takeWhile(line -> !line.isEmpty())
                        .filter(line -> !line.equals("(none)"))
                        .toList();
        boolean report = result.startsWith("status:");
        String said = report ? "" : result.lines().findFirst().orElse("");
        double seconds = Duration.between(
                                Instant.parse(status.path("startedAt").asText()),
                                Instant.parse(status.path("finishedAt").asText()))
                        .toMillis()
                / 1000.0;
        return new Outcome(worker.label, status.path("status").asText(), said, files, seconds);
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
