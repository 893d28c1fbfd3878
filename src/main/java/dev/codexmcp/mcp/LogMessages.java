package dev.codexmcp.mcp;

import dev.codexmcp.job.Job;
import dev.codexmcp.job.JobListener;
import dev.codexmcp.job.JobRegistry;
import dev.codexmcp.job.JobStatus;
import dev.codexmcp.job.fleet.Fleet;
import dev.codexmcp.json.Json;
import dev.codexmcp.json.Utf8Buffer;
import dev.codexmcp.mcp.stdio.LineWriter;
import java.util.List;
import java.util.Optional;

/**
 * Sends log messages when a job ends or needs attention, if the client has asked for them; costs nothing otherwise. Thread-safe. Sending never blocks, and a client that does not read gets no more messages.
 */
final class LogMessages implements JobListener {
    /** MCP's levels, least severe first. */
    private static final List<String> LEVELS =
            List.of("debug", "info", "notice", "warning", "error", "critical", "alert", "emergency");

    private static final String ENDED_WELL = "info";
    private static final String CANCELED = "notice";
    private static final String TROUBLE = "warning";

    private final JobRegistry jobs;
    private final Fleet fleet;
    private final LineWriter writer;

    /** The index of the lowest level that the client wants; beyond all levels: none. */
    private volatile int lowest = LEVELS.size();

    // Guarded by this.
    private boolean listening;

    LogMessages(JobRegistry jobs, Fleet fleet, LineWriter writer) {
        this.jobs = jobs;
        this.fleet = fleet;
        this.writer = writer;
    }

    /**
     * The request {@code logging/setLevel}.
     *
     * @return false if there is no such level
     */
    boolean setLevel(String level) {
        int index = LEVELS.indexOf(level);
        if (index < 0) {
            return false;
        }
        lowest = index;
        synchronized (this) {
            if (!listening) {
                listening = true;
                jobs.listen(this);
                fleet.onAttention(this::needsAttention);
            }
        }
        return true;
    }

    static List<String> levels() {
        return LEVELS;
    }

    @Override
    public void changed(Job job, JobStatus entered) {
        switch (entered) {
            case DONE -> send(ENDED_WELL, job, "has ended: done", List.of());
            case CANCELED -> send(CANCELED, job, "has ended: canceled", List.of());
            case FAILED -> send(TROUBLE, job, "has ended: failed", List.of());
            case QUEUED, SUBMITTED, STARTING, RUNNING -> {}
        }
    }

    private void needsAttention(Job job, List<String> words) {
        send(TROUBLE, job, "needs attention: " + String.join(", ", words), words);
    }

    private void send(String level, Job job, String what, List<String> attention) {
        if (LEVELS.indexOf(level) < lowest || !writer.hasRoom()) {
            return;
        }
        Optional<String> label = job.spec().label();
        Utf8Buffer line = new Utf8Buffer(512);
        Json.write(line, json -> {
            json.writeStartObject();
            json.writeStringField("jsonrpc", "2.0");
            json.writeStringField("method", "notifications/message");
            json.writeObjectFieldStart("params");
            json.writeStringField("level", level);
            json.writeStringField("logger", "jobs");
            json.writeObjectFieldStart("data");
            json.writeStringField(
                    "message",
                    "Job " + job.id() + label.map(text -> " (" + text + ")").orElse("") + " " + what);
            json.writeStringField("jobId", job.id());
            if (label.isPresent()) {
                json.writeStringField("label", label.get());
            }
            json.writeStringField("status", job.status().wire());
            if (!attention.isEmpty()) {
                json.writeArrayFieldStart("attention");
                for (String word : attention) {
                    json.writeString(word);
                }
                json.writeEndArray();
            }
            json.writeEndObject();
            json.writeEndObject();
            json.writeEndObject();
        });
        writer.send(line.append("\n").toByteArray());
    }
}
