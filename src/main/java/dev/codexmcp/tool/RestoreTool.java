package dev.codexmcp.tool;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.codexmcp.git.RepoPath;
import dev.codexmcp.job.Job;
import dev.codexmcp.job.JobException;
import dev.codexmcp.job.changes.RestoreReport;
import dev.codexmcp.tool.schema.Arguments;
import dev.codexmcp.tool.schema.BadArgumentException;
import dev.codexmcp.tool.schema.ExecutionModel;
import dev.codexmcp.tool.schema.Parameter;
import dev.codexmcp.tool.schema.ToolAnnotations;
import dev.codexmcp.tool.schema.ToolResult;
import dev.codexmcp.tool.schema.ToolSpecification;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** Puts back the files that a job has changed. */
final class RestoreTool implements Tool {
    private static final Parameter<List<String>> PATHS = Parameter.texts("paths", 1, "Only these files or folders.");
    static final Parameter<Boolean> DRY_RUN = Parameter.flag("dryRun", "Only say what would be done.");

    private static final ToolSpecification SPEC = new ToolSpecification(
            "codex_restore",
            "Undo a job's changes",
            "Put a job's files back to their state at its start, where they still are as it left them.",
            ToolAnnotations.WRITES,
            List.of(JobParameters.JOB_ID, PATHS, DRY_RUN),
            List.of(
                    Parameter.texts("restored", 0, "Paths.").required(),
                    Parameter.objects("kept", 0, List.of(), "path and reason.").required(),
                    Parameter.objects(
                            "undone", 0, List.of(), "Restored paths that other jobs had changed too: path, jobs."),
                    Parameter.text("copies", "Where what was replaced is kept.")),
            ExecutionModel.QUICK);

    private final TreeCalls trees;

    RestoreTool(TreeCalls trees) {
        this.trees = trees;
    }

    @Override
    public ToolSpecification spec() {
        return SPEC;
    }

    @Override
    public CompletableFuture<ToolResult> call(Arguments arguments, Caller caller)
            throws BadArgumentException, JobException {
        Job job = trees.job(arguments);
        return trees.answer(
                trees.changes().restore(job, arguments.optional(PATHS), arguments.orElse(DRY_RUN, false)),
                RestoreTool::answer);
    }

    private static ToolResult answer(RestoreReport report) {
        return new ToolResult.Json(json -> {
            json.writeStartObject();
            writePaths(json, "restored", report.restored());
            json.writeArrayFieldStart("kept");
            for (Map.Entry<RepoPath, String> kept : new TreeMap<>(report.kept()).entrySet()) {
                json.writeStartObject();
                json.writeStringField("path", kept.getKey().text());
                json.writeStringField("reason", kept.getValue());
                json.writeEndObject();
            }
            json.writeEndArray();
            if (!report.undone().isEmpty()) {
                json.writeArrayFieldStart("undone");
                for (Map.Entry<RepoPath, ? extends Collection<String>> undone :
                        new TreeMap<>(report.undone()).entrySet()) {
                    ChangesAnswer.write(json, undone.getKey(), undone.getValue());
                }
                json.writeEndArray();
            }
            if (report.copies().isPresent()) {
                json.writeStringField("copies", report.copies().get().toString());
            }
            json.writeEndObject();
        });
    }

    static void writePaths(JsonGenerator json, String name, List<RepoPath> paths) throws IOException {
        json.writeArrayFieldStart(name);
        for (RepoPath path : paths) {
            json.writeString(path.text());
        }
        json.writeEndArray();
    }
}
