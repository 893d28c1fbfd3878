package dev.codexmcp.tool;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.codexmcp.job.Job;
import dev.codexmcp.job.JobFields;
import dev.codexmcp.job.fleet.FairShare;
import dev.codexmcp.json.Json;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;

/** The full result of a job: its status, its message, its files and the tails of its raw output. */
final class FullResult {
    private static final String NOTE =
            "Shortened to fit. For the whole: codex_result without view, codex_events, maxBytes.";

    /** More files than this are available from {@code codex_changes} only. */
    private static final int MOST_FILES = 500;

    private final Job job;
    private final List<String> files;
    private final String message;
    private final String stdout;
    private final String stderr;
    private final boolean shortened;

    private FullResult(Job job, List<String> files, String message, String stdout, String stderr, boolean shortened) {
        this.job = job;
        this.files = files;
        this.message = message;
        this.stdout = stdout;
        this.stderr = stderr;
        this.shortened = shortened;
    }

    /**
     * The result as compact JSON.
     *
     * @param files the files that it has modified
     * @param maxBytes its maximum length; if texts have to be shortened, a note comes first
     */
    static byte[] of(Job job, List<String> files, long maxBytes) {
        FullResult whole = new FullResult(
                job,
                files.subList(0, Math.min(MOST_FILES, files.size())),
                job.output().lastMessage().orElse(""),
                job.output().stdoutTail(),
                job.output().stderrTail(),
                false);
        byte[] json = Json.bytes(whole::writeTo);
        return json.length <= maxBytes ? json : Json.bytes(whole.shortened(maxBytes)::writeTo);
    }

    private FullResult shortened(long maxBytes) {
        int frame = Json.bytes(new FullResult(job, files, "", "", "", true)::writeTo).length
                + ",\"finalMessage\":\"\",\"stdoutTail\":\"\",\"stderrTail\":\"\"".length();
        int[] room = FairShare.of(
                IntStream.of(FinalMessages.bytes(message), FinalMessages.bytes(stdout), FinalMessages.bytes(stderr))
                        .toArray(),
                (int) Math.max(0, Math.min(Integer.MAX_VALUE, maxBytes) - frame));
        return new FullResult(
                job,
                files,
                FinalMessages.start(message, room[0]),
                FinalMessages.end(stdout, room[1]),
                FinalMessages.end(stderr, room[2]),
                true);
    }

    private void writeTo(JsonGenerator json) throws IOException {
        json.writeStartObject();
        if (shortened) {
            json.writeStringField("note", NOTE);
        }
        JobFields.write(json, job);
        writeUnlessEmpty(json, "finalMessage", message);
        if (!files.isEmpty()) {
            json.writeArrayFieldStart("modifiedFiles");
            for (String file : files) {
                json.writeString(file);
            }
            json.writeEndArray();
        }
        writeUnlessEmpty(json, "stdoutTail", stdout);
        writeUnlessEmpty(json, "stderrTail", stderr);
        json.writeEndObject();
    }

    private static void writeUnlessEmpty(JsonGenerator json, String name, String text) throws IOException {
        if (!text.isEmpty()) {
            json.writeStringField(name, text);
        }
    }
}
