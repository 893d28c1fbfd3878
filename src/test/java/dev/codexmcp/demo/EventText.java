package dev.codexmcp.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An event of a job as a line for people. */
record EventText(String kind, String text) {

    /** The shell in which the CLI wraps a command. */
    private static final Pattern SHELL =
            Pattern.compile("\\S*/\\w*sh -l?c (?<quote>['\"]?)(?<command>.*)\\k<quote>", Pattern.DOTALL);

    /** The line for an event; empty for events of little interest to people. */
    static Optional<EventText> of(JsonNode event) {
        JsonNode content = event.path("content");
        String kind = content.path("kind").asText();
        boolean completed = kind.equals("item.completed");
        return switch (event.path("type").asText() + " "
                + content.path("itemType").asText(kind)) {
            case "progress queued" -> line("waits", "in the queue");
            case "progress spawned" ->
                line("starts", content.path("effectiveSandbox").asText());
            case "progress reasoning" -> line("thinks", content.path("text").asText());
            case "message agent_message" ->
                line("says", firstParagraph(content.path("text").asText()));
            case "tool_call command_execution" -> line("runs", command(content));
            case "tool_result command_execution" ->
                line("ran", "exit code " + content.path("exitCode").asText() + output(content));
            case "tool_result file_change" -> line("patched", files(content));
            case "tool_call mcp_tool_call", "tool_result mcp_tool_call" ->
                line(
                        completed ? "called" : "calls",
                        content.path("server").asText() + " "
                                + content.path("tool").asText());
            case "tool_result web_search" ->
                line("searched", content.path("query").asText());
            case "final final", "final " -> line(content.path("status").asText(), end(content));
            default -> event.path("type").asText().equals("error") ? line("error", error(content)) : Optional.empty();
        };
    }

    private static Optional<EventText> line(String kind, String text) {
        return Optional.of(new EventText(kind, text));
    }

    private static String firstParagraph(String text) {
        int end = text.indexOf("\n\n");
        return end < 0 ? text : text.substring(0, end);
    }

    private static String command(JsonNode content) {
        String command = content.path("command").asText();
        Matcher shell = SHELL.matcher(command);
        return shell.matches() ? shell.group("command") : command;
    }

    private static String output(JsonNode content) {
        List<String> lines = content.path("aggregatedOutput").asText().lines().toList();
        return lines.isEmpty() ? "" : ": " + lines.get(lines.size() - 1);
    }

    private static String files(JsonNode content) {
        List<String> files = new ArrayList<>();
        content.path("changes")
                .forEach(change -> files.add(change.path("path").asText().replaceFirst(".*/", "")));
        return String.join(", ", files);
    }

    private static String end(JsonNode content) {
        JsonNode code = content.path("exitCode");
        String reason = content.path("reason").asText();
        if (!reason.isEmpty() && !reason.equals("exit")) {
            return reason;
        }
        return code.isNumber() ? "exit code " + code.asText() : "ended by a signal";
    }

    private static String error(JsonNode content) {
        JsonNode message = content.path("message");
        return message.isTextual()
                ? message.asText()
                : content.path("error").path("message").asText(content.toString());
    }
}
