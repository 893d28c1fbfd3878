package dev.codexmcp.tool;

import dev.codexmcp.codex.CodexCommand;
import dev.codexmcp.codex.Sandbox;
import dev.codexmcp.codex.WorkerOptions;
import dev.codexmcp.job.JobException;
import dev.codexmcp.job.JobScheduler;
import dev.codexmcp.job.JobSpec;
import dev.codexmcp.tool.schema.Arguments;
import dev.codexmcp.tool.schema.BadArgumentException;
import dev.codexmcp.tool.schema.ExecutionModel;
import dev.codexmcp.tool.schema.Parameter;
import dev.codexmcp.tool.schema.ToolAnnotations;
import dev.codexmcp.tool.schema.ToolResult;
import dev.codexmcp.tool.schema.ToolSpecification;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;

/** Makes Codex search the web, and waits for its findings. */
final class WebSearchTool implements Tool {
    private static final String FULL = "full";

    private static final Parameter<String> QUERY =
            Parameter.argument("query", "What to find.").required();
    private static final Parameter<Integer> NUM_RESULTS =
            Parameter.integer("numResults", 1, 50, 10, "Findings to report.");
    private static final Parameter<String> SEARCH_DEPTH = Parameter.word(
            "searchDepth", List.of("basic", FULL), "basic (default): a quick look. full: read and compare the pages.");

    private static final ToolSpecification SPEC = new ToolSpecification(
            "websearch",
            "Search the web",
            "Search the web with Codex, and wait for its findings and their sources.",
            new ToolAnnotations(true, false, true, true),
            List.of(QUERY, NUM_RESULTS, SEARCH_DEPTH),
            ExecutionModel.STARTS_WORKERS);

    private final JobScheduler scheduler;
    private final ScheduledExecutorService timer;

    WebSearchTool(JobScheduler scheduler, ScheduledExecutorService timer) {
        this.scheduler = scheduler;
        this.timer = timer;
    }

    @Override
    public ToolSpecification spec() {
        return SPEC;
    }

    @Override
    public CompletableFuture<ToolResult> call(Arguments arguments, Caller caller)
            throws BadArgumentException, JobException {
        String query = arguments.required(QUERY);
        WorkerParameters.checkPrompt(QUERY.name(), query);
        int results = arguments.orElse(NUM_RESULTS, 10);
        boolean full = arguments.orElse(SEARCH_DEPTH, "basic").equals(FULL);
        String prompt = "Search the web for: " + query + "\n\nReport up to " + results
                + " findings, the best first, each with its title, its URL and its answer to the question in "
                + (full
                        ? "a paragraph. Open and read the pages, compare them, and point out where they disagree."
                        : "a sentence or two.")
                + " Do not change any file.";
        JobSpec spec = new JobSpec(
                CodexCommand.search(prompt), WorkerOptions.NONE, Sandbox.READ_ONLY, Optional.empty(), Map.of());
        return BlockingRun.start(
                        scheduler, timer, spec, caller, job -> new ToolResult.Text(BlockingRun.finalMessage(job)))
                .answer();
    }
}
