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
    /** The most bytes that the members around the files take, root and notes aside. */
    private static final int FRAME = 150;

    private ChangesAnswer() {}

    /**
     * The files of one page, as JSON.
     *
     * @param overlaps on the first page only
     * @param next the first file of the next page; -1 if there is none
     */
    record FilePage(List<String> files, List<String> overlaps, boolean first, int next) {
        FilePage {
            files = List.copyOf(files);
            overlaps = List.copyOf(overlaps);
        }
    }

    /** As many files as fit, but at least one. */
    static FilePage files(ChangeReport report, int from, int most, boolean counts) {
        int room = most - FRAME - bytes(report.root().toString());
        List<String> overlaps = new ArrayList<>();
        if (from == 0) {
            room -= bytes(String.join(" ", report.notes()));
            for (Overlap overlap : report.overlaps()) {
                String row = text(json -> write(json, overlap.path(), overlap.jobs()));
                room -= bytes(row) + 1;
                overlaps.add(row);
            }
        }
        List<String> files = new ArrayList<>();
        int at = from;
        for (; at < report.files().size(); at++) {
            AttributedFile file = report.files().get(at);
            String row = text(json -> write(json, file, counts));
            room -= bytes(row) + 1;
            if (room < 0 && !files.isEmpty()) {
                break;
            }
            files.add(row);
        }
        return new FilePage(files, overlaps, from == 0, at < report.files().size() ? at : -1);
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

    static JsonWritable write(ChangeReport report, FilePage page, @Nullable String cursor) {
        return json -> {
            json.writeStartObject();
            writeFirst(json, page.first() ? report.notes() : List.of(), cursor);
            json.writeStringField("root", report.root().toString());
            json.writeArrayFieldStart("files");
            writeRaw(json, page.files());
            json.writeEndArray();
            if (page.first()) {
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

    /** What says how to go on comes first: some hosts cut answers. */
    private static void writeFirst(JsonGenerator json, List<String> notes, @Nullable String cursor) throws IOException {
        if (cursor != null) {
            json.writeStringField("nextCursor", cursor);
        }
        if (!notes.isEmpty()) {
            json.writeStringField("note", String.join(" ", notes));
        }
    }
}
