package dev.codexmcp.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;

/** An event of a job in readable lines. All text is escaped for the terminal. */
final class EventText {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

    /** How many lines of a command's output are shown. */
    private static final int OUTPUT_LINES = 12;

    private static final String MARGIN = " ".repeat(10);

    private final boolean color;
    private final ZoneId zone;

    EventText(boolean color, ZoneId zone) {
        this.color = color;
        this.zone = zone;
    }

    /** The text without a final line break; empty if there is nothing to show. */
    String of(JsonNode event) {
        JsonNode content = event.path("content");
        String text = text(event.path("type").asText(), content);
        if (text.isEmpty()) {
            return "";
        }
        String time =
                Instant.parse(event.path("timestamp").asText()).atZone(zone).format(TIME);
        return Style.DIM.of(time, color) + "  " + text.replace("\n", "\n" + MARGIN);
    }

    private String text(String type, JsonNode content) {
        return switch (type) {
            case "message" -> SafeText.lines(content.path("text").asText().strip());
            case "tool_call" -> call(content);
            case "tool_result" -> result(content);
            case "error" -> Style.RED.of("error: " + SafeText.lines(error(content)), color);
            case "final" -> end(content);
            default -> progress(content);
        };
    }

    private String call(JsonNode content) {
        return switch (content.path("itemType").asText()) {
            case "command_execution" ->
                Style.CYAN.of("$ " + SafeText.lines(content.path("command").asText()), color);
            case "file_change" -> "";
            default -> Style.CYAN.of("> " + tool(content), color);
        };
    }

    private String result(JsonNode content) {
        return switch (content.path("itemType").asText()) {
            case "command_execution" -> output(content);
            case "file_change" -> Style.GREEN.of("edits " + changes(content), color);
            default ->
                Style.DIM.of(
                        "< " + tool(content) + " "
                                + SafeText.line(content.path("status").asText()),
                        color);
        };
    }

    private String output(JsonNode content) {
        List<String> lines = new ArrayList<>(
                SafeText.lines(content.path("aggregatedOutput").asText().stripTrailing())
                        .lines()
                        .toList());
        int hidden = lines.size() - OUTPUT_LINES;
        if (hidden > 0) {
            lines.subList(0, hidden).clear();
            lines.add(0, "… " + hidden + " more lines");
        }
        JsonNode code = content.path("exitCode");
        if (code.isNumber() && code.asInt() != 0) {
            lines.add(Style.RED.of("exit code " + code.asInt(), color));
        }
        return lines.isEmpty() ? Style.DIM.of("(no output)", color) : Style.DIM.of(String.join("\n", lines), color);
    }

    private static String changes(JsonNode content) {
        return String.join(
                ", ",
                StreamSupport.stream(content.path("changes").spliterator(), false)
                        .map(change -> SafeText.line(change.path("path").asText()) + " ("
                                + SafeText.line(kind(change.path("kind"))) + ")")
                        .toList());
    }

    private static String kind(JsonNode kind) {
        return kind.isTextual() ? kind.asText() : kind.path("type").asText("update");
    }

    private static String tool(JsonNode content) {
        String what = content.path("itemType").asText();
        String name = content.has("query")
                ? content.path("query").asText()
                : content.path("server").asText() + " " + content.path("tool").asText();
        return SafeText.line(what.replace('_', ' ') + ": " + name.strip());
    }

    private static String error(JsonNode content) {
        JsonNode error = content.path("error");
        String text = content.path("message")
                .asText(
                        error.isTextual()
                                ? error.asText()
                                : error.path("message").asText());
        return text.isEmpty() ? content.toString() : text;
    }

    private String progress(JsonNode content) {
        if (content.has("text")) {
            return Style.DIM.of(SafeText.lines(content.path("text").asText().strip()), color);
        }
        return switch (content.path("kind").asText()) {
            case "spawned" ->
                Style.BOLD.of("starts " + SafeText.line(content.path("command").asText()), color);
            case "queued" -> Style.DIM.of("is queued", color);
            case "turn.completed" -> Style.DIM.of("turn completed" + usage(content.path("usage")), color);
            default -> "";
        };
    }

    private static String usage(JsonNode usage) {
        long tokens = usage.path("input_tokens").asLong()
                + usage.path("output_tokens").asLong();
        return tokens == 0 ? "" : ", " + JobTable.tokens(tokens) + " tokens";
    }

    private String end(JsonNode content) {
        String status = SafeText.line(content.path("status").asText());
        JsonNode code = content.path("exitCode");
        String signal = content.path("exitSignal").asText("");
        String how =
                code.isNumber() ? ", exit code " + code.asInt() : signal.isEmpty() ? "" : ", " + SafeText.line(signal);
        return Style.ofStatus(status).of(status + how, color);
    }
}
