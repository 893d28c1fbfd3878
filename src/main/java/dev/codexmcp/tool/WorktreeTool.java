package dev.codexmcp.tool;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.codexmcp.git.RepoPath;
import dev.codexmcp.git.Worktree;
import dev.codexmcp.job.Job;
import dev.codexmcp.job.JobException;
import dev.codexmcp.job.JobFields;
import dev.codexmcp.job.changes.WorktreeReport;
import dev.codexmcp.tool.schema.Arguments;
import dev.codexmcp.tool.schema.BadArgumentException;
import dev.codexmcp.tool.schema.ExecutionModel;
import dev.codexmcp.tool.schema.Parameter;
import dev.codexmcp.tool.schema.ToolAnnotations;
import dev.codexmcp.tool.schema.ToolResult;
import dev.codexmcp.tool.schema.ToolSpecification;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** Applies the changes in a job's worktree to the main tree, or discards them. */
final class WorktreeTool implements Tool {
    private static final String APPLY = "apply";
    private static final String DISCARD = "discard";

    private static final Parameter<String> ACTION = Parameter.word(
                    "action", List.of(APPLY, DISCARD), "apply: uncommitted, all or nothing.")
            .required();

    private static final ToolSpecification SPEC = new ToolSpecification(
            "codex_worktree",
            "A job's own worktree",
            "Bring the changes of a job with isolation worktree into the main tree, or discard them.",
            ToolAnnotations.ENDS,
            List.of(JobParameters.JOB_ID, ACTION, RestoreTool.DRY_RUN),
            List.of(
                    Parameter.texts("applied", 0, "Paths.").required(),
                    Parameter.objects("conflicts", 0, List.of(), "path, and jobs that changed it.")
                            .required(),
                    Parameter.object("worktree", List.of(), "path, branch, base; if it still exists."),
                    Parameter.text("note", "What could not be applied.")),
            ExecutionModel.QUICK);

    private final TreeCalls trees;

    WorktreeTool(TreeCalls trees) {
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
        boolean apply = arguments.required(ACTION).equals(APPLY);
        boolean dryRun = arguments.orElse(RestoreTool.DRY_RUN, false);
        Worktree worktree = job.spec()
                .place()
                .worktree()
                .orElseThrow(
                        () -> new BadArgumentException(
                                "Job " + job.id()
                                        + " has no worktree of its own: only jobs with isolation \"worktree\" get one, at their start."));
        return trees.answer(
                apply
                        ? trees.changes().apply(job, worktree, dryRun)
                        : trees.changes().discard(worktree, dryRun),
                WorktreeTool::answer);
    }

    private static ToolResult answer(WorktreeReport report) {
        return new ToolResult.Json(json -> {
            json.writeStartObject();
            RestoreTool.writePaths(json, "applied", report.applied());
            json.writeArrayFieldStart("conflicts");
            for (Map.Entry<RepoPath, Set<String>> conflict : new TreeMap<>(report.conflicts()).entrySet()) {
                writeConflict(json, conflict.getKey(), conflict.getValue());
            }
            json.writeEndArray();
            if (report.worktree().isPresent()) {
                JobFields.writeWorktree(json, report.worktree().get());
            }
            if (!report.notes().isEmpty()) {
                json.writeStringField("note", String.join(" ", report.notes()));
            }
            json.writeEndObject();
        });
    }

    private static void writeConflict(JsonGenerator json, RepoPath path, Set<String> jobs) throws IOException {
        if (jobs.isEmpty()) {
            json.writeStartObject();
            json.writeStringField("path", path.text());
            json.writeEndObject();
        } else {
            ChangesAnswer.write(json, path, jobs);
        }
    }
}
