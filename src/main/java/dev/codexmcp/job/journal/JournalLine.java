package dev.codexmcp.job.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.codexmcp.codex.Sandbox;
import dev.codexmcp.codex.ThreadId;
import dev.codexmcp.job.PastJob;
import dev.codexmcp.json.IsoTime;
import dev.codexmcp.json.Json;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/** The lines of a journal: one when a job's thread is known, one when the job has ended. */
final class JournalLine {
    private JournalLine() {}

    /** Loaded only when a journal is read: its 350 classes would delay the start of a worker. */
    private static final class Reader {
        private static final JsonMapper MAPPER = new JsonMapper();
    }

    static byte[] started(PastJob job) {
        return Json.bytes(json -> {
            json.writeStartObject();
            json.writeStringField("jobId", job.jobId());
            json.writeStringField("threadId", job.threadId());
            if (job.label().isPresent()) {
                json.writeStringField("label", job.label().get());
            }
            json.writeStringField("workingDirectory", job.workingDirectory());
            json.writeStringField("sandbox", job.sandbox().wire());
            json.writeStringField("startedAt", IsoTime.format(job.startedAt()));
            json.writeEndObject();
        });
    }

    static byte[] ended(String jobId) {
        return Json.bytes(json -> {
            json.writeStartObject();
            json.writeStringField("jobId", jobId);
            json.writeBooleanField("ended", true);
            json.writeEndObject();
        });
    }

    /** A line as JSON; a missing node if it is cut off or damaged. */
    static JsonNode read(String line) {
        try {
            return Reader.MAPPER.readTree(line);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    static boolean isEnd(JsonNode line) {
        return line.path("ended").asBoolean();
    }

    /** The job that a line is about; empty if a field is missing or wrong. */
    static Optional<PastJob> job(JsonNode line, boolean mayRun) {
        String threadId = line.path("threadId").asText();
        String directory = line.path("workingDirectory").asText();
        Optional<Sandbox> sandbox = Sandbox.of(line.path("sandbox").asText());
        if (!ThreadId.isUsable(threadId) || directory.isEmpty() || directory.indexOf('\0') >= 0 || sandbox.isEmpty()) {
            return Optional.empty();
        }
        try {
            long startedAt = Instant.parse(line.path("startedAt").asText()).toEpochMilli();
            return Optional.of(new PastJob(
                    line.path("jobId").asText(),
                    threadId,
                    Optional.of(line.path("label")).filter(JsonNode::isTextual).map(JsonNode::textValue),
                    directory,
                    sandbox.get(),
                    startedAt,
                    mayRun));
        } catch (DateTimeException | ArithmeticException e) {
            return Optional.empty();
        }
    }
}
