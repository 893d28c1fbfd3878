package dev.codexmcp.tool;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.codexmcp.git.AttributedFile;
import dev.codexmcp.git.ChangeLedger.Overlap;
import dev.codexmcp.git.FileChange;
import dev.codexmcp.git.RepoPath;
import dev.codexmcp.git.TreeDiff;
import dev.codexmcp.job.changes.ChangeReport;
import dev.codexmcp.json.Json;
import dev.codexmcp.json.JsonWritable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes the answers of {@code codex_changes}. */
final class ChangesAnswer {
    /** The most bytes that the members around the rows take, root and notes aside. */
    private static final int FRAME = 150;

    private ChangesAnswer() {}

    /**
     * The rows of one page, as JSON.
     *
     * @param next the first row of the next page; -1 if there is none
     */
    record Page(List<String> overlaps, List<String> files, boolean first, int next) {
        Page {
            overlaps = List.copyOf(overlaps);
            files = List.copyOf(files);
        }
    }

    /**
     * As many rows as fit, but at least one: first the overlaps, then the files.
     *
     * @param from the first row, at most the number of rows
     * @param most in bytes
     */
    static Page page(ChangeReport report, int from, int most, boolean counts) {
        int room = most - FRAME - bytes(report.root().toString());
        if (from == 0) {
            room -= bytes(String.join(" ", report.notes()));
        }
        List<String> overlaps = new ArrayList<>();
        List<String> files = new ArrayList<>();
        int at = from;
        for (; at < rows(report); at++) {
            boolean overlap = at < report.overlaps().size();
            String row = overlap ? row(report.overlaps().get(at)) : row(file(report, at), counts);
            room -= bytes(row) + 1;
            if (room < 0 && at > from) {
                break;
            }
            (overlap ? overlaps : files).add(row);
        }
        return new Page(overlaps, files, from == 0, at < rows(report) ? at : -1);
    }

    /** How many rows all pages have together. */
    static int rows(ChangeReport report) {
        return report.overlaps().size() + report.files().size();
    }

    private static AttributedFile file(ChangeReport report, int row) {
        return report.files().get(row - report.overlaps().size());
    }

    private static String row(Overlap overlap) {
        return text(json -> write(json, overlap.path(), overlap.jobs()));
    }

    private static String row(AttributedFile file, boolean counts) {
        return text(json -> write(json, file, counts));
    }

    private static String text(JsonWritable json) {
        return new String(Json.bytes(json), StandardCharsets.UTF_8);
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static void write(JsonGenerator json, AttributedFile attributed, boolean counts) throws IOException {
        FileChange file = attributed.file();
        json.writeStartObject();
        json.writeStringField("path", file.path().text());
        json.writeStringField("kind", word(file.kind()));
        RepoPath from = file.from();
        if (from != null) {
            json.writeStringField("from", from.text());
        }
        json.writeStringField("by", word(attributed.by()));
        if (counts && file.added() >= 0) {
            json.writeNumberField("added", file.added());
            json.writeNumberField("removed", file.removed());
        }
        if (!attributed.jobs().isEmpty()) {
            writeJobs(json, attributed.jobs());
        }
        json.writeEndObject();
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** A path with jobs. */
    static void write(JsonGenerator json, RepoPath path, Collection<String> jobs) throws IOException {
        json.writeStartObject();
        json.writeStringField("path", path.text());
        writeJobs(json, jobs);
        json.writeEndObject();
    }

    private static void writeJobs(JsonGenerator json, Collection<String> jobs) throws IOException {
        json.writeArrayFieldStart("jobs");
        for (String job : jobs.stream().sorted().toList()) {
            json.writeString(job);
        }
        json.writeEndArray();
    }

    static JsonWritable write(ChangeReport report, Page page, @Nullable String cursor) {
        return json -> {
            json.writeStartObject();
            writeFirst(json, page.first() ? report.notes() : List.of(), cursor);
            json.writeStringField("root", report.root().toString());
            json.writeArrayFieldStart("files");
            writeRaw(json, page.files());
            json.writeEndArray();
            if (page.first() || !page.overlaps().isEmpty()) {
                json.writeArrayFieldStart("overlaps");
                writeRaw(json, page.overlaps());
                json.writeEndArray();
            }
            json.writeEndObject();
        };
    }

    private static void writeRaw(JsonGenerator json, List<String> rows) throws IOException {
        for (String row : rows) {
            json.writeRawValue(row);
        }
    }

    static JsonWritable write(ChangeReport report, TreeDiff.Page page, boolean first, @Nullable String cursor) {
        return json -> {
            json.writeStartObject();
            writeFirst(json, first ? report.notes() : List.of(), cursor);
            json.writeStringField("patch", new String(page.text(), StandardCharsets.UTF_8));
            json.writeEndObject();
        };
    }

    /** What the next call needs comes first: some hosts cut answers. */
    private static void writeFirst(JsonGenerator json, List<String> notes, @Nullable String cursor) throws IOException {
        if (cursor != null) {
            json.writeStringField("nextCursor", cursor);
        }
        if (!notes.isEmpty()) {
            json.writeStringField("note", String.join(" ", notes));
        }
    }
}
