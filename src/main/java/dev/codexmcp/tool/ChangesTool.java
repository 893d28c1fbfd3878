package dev.codexmcp.tool;

import dev.codexmcp.git.PathChange;
import dev.codexmcp.git.RepoPath;
import dev.codexmcp.job.Job;
import dev.codexmcp.job.JobException;
import dev.codexmcp.job.changes.ChangeReport;
import dev.codexmcp.job.fleet.LabelPattern;
import dev.codexmcp.tool.schema.Arguments;
import dev.codexmcp.tool.schema.BadArgumentException;
import dev.codexmcp.tool.schema.ExecutionModel;
import dev.codexmcp.tool.schema.Parameter;
import dev.codexmcp.tool.schema.ToolAnnotations;
import dev.codexmcp.tool.schema.ToolResult;
import dev.codexmcp.tool.schema.ToolSpecification;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Shows which files jobs have changed, and how sure that is. */
final class ChangesTool implements Tool {
    private static final String FILES = "files";
    private static final String STAT = "stat";
    private static final String PATCH = "patch";

    private static final Parameter<String> JOB_ID = Parameter.text("jobId", "Or label.");
    private static final Parameter<String> LABEL = Parameter.text("label", "As in codex_list.");
    private static final Parameter<String> VIEW =
            Parameter.word("view", List.of(FILES, STAT, PATCH), "stat: with line counts; patch: for git apply.");
    private static final Parameter<String> PATH = Parameter.text("path", "File or folder.");
    private static final Parameter<String> CURSOR = Parameter.text("cursor", "nextCursor before.");
    private static final Parameter<Integer> MAX_BYTES =
            Parameter.integer("maxBytes", 1, Integer.MAX_VALUE, "Per page.");

    private static final ToolSpecification SPEC = new ToolSpecification(
            "codex_changes",
            "Changes of a job",
            "See what a job changed. by patch: certain; command: only writer; unknown: one of jobs.",
            ToolAnnotations.LOOKS,
            List.of(JOB_ID, LABEL, VIEW, PATH, CURSOR, MAX_BYTES),
            List.of(
                    Parameter.text("root", "Paths are relative to it."),
                    Parameter.objects(
                            "files",
                            0,
                            List.of(),
                            "path, kind, by; with stat added and removed; jobs if by is unknown."),
                    Parameter.objects("overlaps", 0, List.of(), "path, and the jobs that changed or declared it."),
                    Parameter.text("patch", "For git apply."),
                    Parameter.text("note", "What is not known, and why."),
                    Parameter.text("nextCursor", "For the next page.")),
            ExecutionModel.QUICK);

    private final TreeCalls trees;
    private final ReportCache cache = new ReportCache();

    ChangesTool(TreeCalls trees) {
        this.trees = trees;
    }

    @Override
    public ToolSpecification spec() {
        return SPEC;
    }

    @Override
    public CompletableFuture<ToolResult> call(Arguments arguments, Caller caller)
            throws BadArgumentException, JobException {
        List<Job> asked = asked(arguments);
        String view = arguments.orElse(VIEW, FILES);
        Optional<String> path = arguments.optional(PATH);
        int most = arguments.orElse(MAX_BYTES, caller.limits().pageBytes());
        Optional<String> cursor = arguments.optional(CURSOR);
        ReportCache.Place place = cursor.isPresent()
                ? cache.find(cursor.get())
                        .orElseThrow(() -> new BadArgumentException("\"" + CURSOR.name() + "\" is \"" + cursor.get()
                                + "\": it must be the nextCursor of a recent answer. Call again without it."))
                : ReportCache.Place.START;
        CompletableFuture<ChangeReport> report = place.report()
                .map(CompletableFuture::completedFuture)
                .orElseGet(() -> trees.changes().report(asked));
        CompletableFuture<ToolResult> shown = report.thenCompose(found -> page(found, view, path, place, most));
        caller.limits().maxWaitMillis().ifPresent(longest -> shown.orTimeout(longest, TimeUnit.MILLISECONDS));
        return trees.answer(shown, result -> result);
    }

    private CompletableFuture<ToolResult> page(
            ChangeReport report, String view, Optional<String> path, ReportCache.Place place, int most) {
        ChangeReport shown = path.isPresent() ? narrowed(report, path.get()) : report;
        return view.equals(PATCH)
                ? patch(report, shown.changes(), place, most)
                : CompletableFuture.completedFuture(files(report, shown, place, most, view.equals(STAT)));
    }

    private List<Job> asked(Arguments arguments) throws BadArgumentException, JobException {
        Optional<String> jobId = arguments.optional(JOB_ID);
        Optional<LabelPattern> label = FleetParameters.label(arguments);
        if (jobId.isPresent() == label.isPresent()) {
            throw new BadArgumentException("Give either \"jobId\" or \"label\".");
        }
        if (jobId.isPresent()) {
            return List.of(trees.jobs().find(jobId.get()));
        }
        List<Job> labelled = trees.jobs().list().stream()
                .filter(job -> label.get().matches(job.spec().label()))
                .toList();
        if (labelled.isEmpty()) {
            throw new BadArgumentException("\"label\" matches no job. codex_list shows all.");
        }
        return labelled;
    }

    private static ChangeReport narrowed(ChangeReport report, String path) {
        RepoPath wanted = RepoPath.given(report.root(), path)
                .orElseThrow(() -> new CompletionException(new ToolFailedException("\"" + PATH.name() + "\" is \""
                        + path + "\": it must be a file or folder below " + report.root() + ".")));
        return new ChangeReport(
                report.root(),
                report.files().stream()
                        .filter(file -> file.file().path().isWithin(wanted)
                                || (file.file().from() != null
                                        && file.file().from().isWithin(wanted)))
                        .toList(),
                report.changes().stream()
                        .filter(change -> change.path().isWithin(wanted))
                        .toList(),
                report.overlaps().stream()
                        .filter(overlap -> overlap.path().isWithin(wanted))
                        .toList(),
                report.notes());
    }

    private ToolResult files(
            ChangeReport report, ChangeReport shown, ReportCache.Place place, int most, boolean counts) {
        int from = (int) Math.min(place.offset(), ChangesAnswer.rows(shown));
        ChangesAnswer.Page page = ChangesAnswer.page(shown, from, most, counts);
        return new ToolResult.Json(ChangesAnswer.write(shown, page, cursor(place, report, page.next())));
    }

    private CompletableFuture<ToolResult> patch(
            ChangeReport report, List<PathChange> wanted, ReportCache.Place place, int most) {
        return trees.changes()
                .patch(report, wanted, place.offset(), most)
                .thenApply(page -> new ToolResult.Json(
                        ChangesAnswer.write(report, page, place.offset() == 0, cursor(place, report, page.next()))));
    }

    private @Nullable String cursor(ReportCache.Place place, ChangeReport report, long next) {
        return next < 0 ? null : cache.keep(place, report, next);
    }
}
