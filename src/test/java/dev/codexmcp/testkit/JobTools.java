package dev.codexmcp.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** The job tools of a server, as a test or a boss uses them. */
public final class JobTools {

    private static final int WAIT_MS = 10_000;

    private final McpClient client;

    public JobTools(McpClient client) {
        this.client = client;
    }

    /** Spawns a job in a directory, and returns its id. */
    public String spawn(String prompt, Path directory, String sandbox) {
        return spawn(Map.of("prompt", prompt, "workingDirectory", directory.toString(), "sandbox", sandbox));
    }

    /** Spawns a job, and returns its id. */
    public String spawn(Map<String, ?> arguments) {
        return client.call("codex_spawn", arguments).json().path("jobId").asText();
    }

    /** The texts of a JSON list. */
    public static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(element -> texts.add(element.asText()));
        return texts;
    }

    public JsonNode status(String jobId) {
        return client.call("codex_status", Map.of("jobId", jobId)).json();
    }

    /** The first of these jobs that has ended; empty if none has within the limit. */
    public Optional<String> waitAny(Duration limit, String... jobIds) {
        JsonNode answer = client.call("codex_wait_any", Map.of("jobIds", jobIds, "timeoutMs", limit.toMillis()))
                .json();
        return Optional.of(answer.path("completedJobId"))
                .filter(JsonNode::isTextual)
                .map(JsonNode::asText);
    }

    /** Waits until a job has ended, and returns its status. */
    public JsonNode awaitEnd(String jobId) {
        Polling.poll(
                Polling.LIMIT,
                () -> waitAny(Duration.ofMillis(WAIT_MS), jobId).isPresent(),
                () -> "the job does not end: " + status(jobId) + "\n" + eventsSoFar(jobId));
        return status(jobId);
    }

    /** All events there are now, read page by page. */
    public List<JsonNode> eventsSoFar(String jobId) {
        return events(Map.of("jobId", jobId));
    }

    /** All events of a job, once it has ended. */
    public List<JsonNode> eventsToTheEnd(String jobId) {
        awaitEnd(jobId);
        return eventsSoFar(jobId);
    }

    /** All events there are now, read page by page with these arguments. */
    public List<JsonNode> events(Map<String, ?> arguments) {
        List<JsonNode> events = new ArrayList<>();
        Map<String, Object> page = new LinkedHashMap<>(arguments);
        while (true) {
            JsonNode answer = client.call("codex_events", page).json();
            answer.path("events").forEach(events::add);
            if (answer.path("done").asBoolean() || answer.path("events").isEmpty()) {
                return events;
            }
            page.put("cursor", answer.path("nextCursor").asText());
        }
    }

    /** Waits until a job has an event that meets a condition, and returns it. */
    public JsonNode awaitEvent(String jobId, String description, Predicate<JsonNode> condition) {
        List<JsonNode> found = new ArrayList<>();
        String[] cursor = {"0"};
        Polling.poll(
                Polling.LIMIT,
                () -> {
                    JsonNode page = client.call("codex_events", Map.of("jobId", jobId, "cursor", cursor[0]))
                            .json();
                    page.path("events").forEach(found::add);
                    found.removeIf(condition.negate());
                    cursor[0] = page.path("nextCursor").asText();
                    if (found.isEmpty() && page.path("done").asBoolean()) {
                        throw new AssertionError("no " + description + " in " + eventsSoFar(jobId));
                    }
                    return !found.isEmpty();
                },
                () -> "no " + description + " in " + eventsSoFar(jobId));
        return found.get(0);
    }

    /** The final message, or the text that replaces it if there is none. */
    public String result(String jobId) {
        return client.call("codex_result", Map.of("jobId", jobId)).text();
    }

    public JsonNode fullResult(String jobId) {
        return client.call("codex_result", Map.of("jobId", jobId, "view", "full"))
                .json();
    }

    /** Cancels a job; false if it was no longer running. */
    public boolean cancel(String jobId, boolean force) {
        return client.call("codex_cancel", Map.of("jobId", jobId, "force", force))
                .json()
                .path("success")
                .asBoolean();
    }
}
