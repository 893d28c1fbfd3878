package dev.codexmcp.control;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.codexmcp.git.AttributedFile;
import dev.codexmcp.git.ChangeLedger.Overlap;
import dev.codexmcp.git.FileChange;
import dev.codexmcp.git.RepoPath;
import dev.codexmcp.git.TreeDiff;
import dev.codexmcp.job.Job;
import dev.codexmcp.job.changes.ChangeReport;
import dev.codexmcp.job.changes.Changes;
import dev.codexmcp.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/** The files that a job has changed, and how. */
final class JobFiles {
    private static final int MOST_FILES = 500;
    private static final int MOST_PATCH = 128 * 1024;

    private JobFiles() {}

    /** The answer, once git has compared the trees. */
    static CompletableFuture<byte[]> of(Job job, Changes changes) {
        return changes.report(List.of(job))
                .thenCompose(report ->
                        changes.patch(report, report.changes(), 0, MOST_PATCH).thenApply(page -> write(report, page)));
    }

    private static byte[] write(ChangeReport report, TreeDiff.Page page) {
        return Json.bytes(json -> {
            json.writeStartObject();
            json.writeStringField("root", Json.wellFormed(report.root().toString()));
            json.writeArrayFieldStart("files");
            for (AttributedFile file : report.files()
                    .subList(0, Math.min(MOST_FILES, report.files().size()))) {
                write(json, file);
            }
            json.writeEndArray();
            json.writeNumberField("fileCount", report.files().size());
            json.writeArrayFieldStart("overlaps");
            for (Overlap overlap : report.overlaps()) {
                json.writeStartObject();
                json.writeStringField("path", overlap.path().text());
                json.writeArrayFieldStart("jobs");
                for (String id : overlap.jobs()) {
                    json.writeString(id);
                }
                json.writeEndArray();
                json.writeEndObject();
            }
            json.writeEndArray();
            if (!report.notes().isEmpty()) {
                json.writeStringField("note", String.join(" ", report.notes()));
            }
            json.writeStringField("patch", new String(page.text(), StandardCharsets.UTF_8));
            if (page.next() >= 0) {
                json.writeBooleanField("more", true);
            }
            json.writeEndObject();
        });
    }

    private static void write(JsonGenerator json, AttributedFile attributed) throws IOException {
        FileChange file = attributed.file();
        json.writeStartObject();
        json.writeStringField("path", file.path().text());
        json.writeStringField("kind", file.kind().name().toLowerCase(Locale.ROOT));
        RepoPath from = file.from();
        if (from != null) {
            json.writeStringField("from", from.text());
        }
        json.writeStringField("by", attributed.by().name().toLowerCase(Locale.ROOT));
        if (file.added() >= 0) {
            json.writeNumberField("added", file.added());
            json.writeNumberField("removed", file.removed());
        }
        json.writeEndObject();
    }
}
