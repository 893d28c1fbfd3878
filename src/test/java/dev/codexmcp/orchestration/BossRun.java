package dev.codexmcp.orchestration;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.testkit.CodexRun;
import dev.codexmcp.testkit.TestJson;
import java.time.Instant;
import java.util.List;

/** What a boss has done, from its events. */
record BossRun(CodexRun run) {

    /** A job as reported by {@code codex_status}. */
    record JobTimes(String label, String status, Instant started, Instant finished) {
        boolean ranBeside(JobTimes other) {
            return started.isBefore(other.finished) && other.started.isBefore(finished);
        }

        boolean endedBefore(JobTimes other) {
            return !finished.isAfter(other.started);
        }
    }

    /** The boss's only message. Fails the test if the boss failed or sent more messages. */
    String answer() {
        List<JsonNode> messages = run.completed("agent_message");
        if (run.exitCode() != 0 || messages.size() != 1) {
            throw new AssertionError("the boss exited with " + run.exitCode() + " and printed " + messages + "\n"
                    + tail() + run.stderr());
        }
        return messages.get(0).path("text").asText();
    }

    /** The results of a tool, in the order of the calls. */
    List<JsonNode> answers(String tool) {
        return run.completed("mcp_tool_call").stream()
                .filter(call -> call.path("tool").asText().equals(tool))
                .map(call -> call.path("result").path("content").path(0).path("text"))
                .map(JsonNode::asText)
                .map(TestJson::parse)
                .toList();
    }

    /** A job by its label, from the last {@code codex_status} after its end. */
    JobTimes job(String label) {
        List<JsonNode> found = answers("codex_status").stream()
                .filter(status -> status.path("label").asText().equals(label) && status.has("finishedAt"))
                .toList();
        if (found.isEmpty()) {
            throw new AssertionError("no status of an ended job " + label + "\n" + tail());
        }
        JsonNode last = found.get(found.size() - 1);
        return new JobTimes(
                label,
                last.path("status").asText(),
                Instant.parse(last.path("startedAt").asText()),
                Instant.parse(last.path("finishedAt").asText()));
    }

    /** What the shell commands printed, in order. */
    List<String> answersOfShell() {
        return run.completed("command_execution").stream()
                .map(item -> item.path("aggregated_output").asText())
                .toList();
    }

    /** The shell commands that failed. */
    List<String> failedCommands() {
        return run.completed("command_execution").stream()
                .filter(item -> item.path("exit_code").asInt(-1) != 0)
                .map(item -> item.path("command").asText() + "\n"
                        + item.path("aggregated_output").asText())
                .toList();
    }

    private String tail() {
        List<JsonNode> events = run.events();
        StringBuilder tail = new StringBuilder();
        events.subList(Math.max(0, events.size() - 8), events.size())
                .forEach(event -> tail.append(event).append('\n'));
        return tail.toString();
    }
}
