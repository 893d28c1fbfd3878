package dev.codexmcp.cli.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A job as its server last described it. All texts come from a worker or its boss: they must be escaped for a terminal.
 *
 * @param change the number of this description; later ones have higher numbers
 */
public record JobRow(ServerInfo server, ObjectNode json, long change) {
    /** First jobs that need attention, then running, queued and ended ones, newest first. */
    public static final Comparator<JobRow> ORDER = Comparator.comparing((JobRow job) -> job.rank())
            .thenComparing(Comparator.comparingLong(JobRow::newness).reversed())
            .thenComparing(JobRow::id);

    private int rank() {
        return !attention().isEmpty()
                ? 0
                : switch (status()) {
                    case "running" -> 1;
                    case "queued" -> 2;
                    default -> 3;
                };
    }

    private long newness() {
        return finishedAt().orElse(createdAt());
    }

    public String id() {
        return json.path("jobId").asText();
    }

    /** The whole label. */
    public Optional<String> label() {
        return text("fullLabel").or(() -> text("label"));
    }

    public String status() {
        return json.path("status").asText();
    }

    public boolean ended() {
        return !status().equals("running") && !status().equals("queued");
    }

    public Optional<String> text(String field) {
        JsonNode value = json.path(field);
        return value.isTextual() ? Optional.of(value.asText()) : Optional.empty();
    }

    /** In milliseconds since 1970, as all times are. */
    public long createdAt() {
        return json.path("createdAt").asLong();
    }

    public OptionalLong finishedAt() {
        return number("finishedAt");
    }

    /** When it last gave a sign of life; empty while it runs a command, tool call or search. */
    public OptionalLong activeAt() {
        return number("activeAt");
    }

    private OptionalLong number(String field) {
        JsonNode value = json.path(field);
        return value.isNumber() ? OptionalLong.of(value.asLong()) : OptionalLong.empty();
    }

    public long tokens() {
        return json.path("tokens").asLong();
    }

    public int files() {
        return json.path("files").asInt();
    }

    public List<String> attention() {
        List<String> words = new ArrayList<>();
        json.path("attention").forEach(word -> words.add(word.asText()));
        return words;
    }

    /** Whether this name is the job's label or the beginning of its id. */
    public boolean isMeantBy(String name) {
        return (!name.isEmpty() && id().startsWith(name)) || label().equals(Optional.of(name));
    }

    /** Whether its label is this one, or begins with it if it ends in {@code *}. */
    public boolean hasLabel(String pattern) {
        return label().filter(label -> pattern.endsWith("*")
                        ? label.startsWith(pattern.substring(0, pattern.length() - 1))
                        : label.equals(pattern))
                .isPresent();
    }
}
