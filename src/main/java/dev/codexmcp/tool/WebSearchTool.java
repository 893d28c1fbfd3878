package dev.codexmcp.tool;

import dev.codexmcp.codex.CodexCommand;
import dev.codexmcp.codex.Sandbox;
import dev.codexmcp.codex.WorkerOptions;
import dev.codexmcp.job.JobException;
import dev.codexmcp.job.JobRegistry;
import dev.codexmcp.job.JobSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Has Codex search the web, and waits for what it finds. */
final class WebSearchTool implements Tool {
    private static final String FULL = "full";

    private static final Field<String> QUERY =
            Field.argument("query", "What to search for.").required();
    private static final Field<Integer> NUM_RESULTS =
            Field.integer("numResults", 1, 50, 10, "How many findings to report.");
    private static final Field<String> SEARCH_DEPTH = Field.word(
            "searchDepth",
            List.of("basic", FULL),
            "basic (default): a quick look at the best hits. full: read the pages, compare them, say where they differ.");

    private static final ToolSpec SPEC = new ToolSpec(
            "websearch",
            "Search the web",
            "Have Codex search the web, and wait for its findings with their sources.",
            new Hints(true, false, true, true),
            List.of(QUERY, NUM_RESULTS, SEARCH_DEPTH),
            Pace.STARTS_WORKERS);

    private final JobRegistry registry;

    WebSearchTool(JobRegistry registry) {
        this.registry = registry;
    }

    @Override
    public ToolSpec spec() {
        return SPEC;
    }

    @Override
    public CompletableFuture<ToolAnswer> call(Arguments arguments, Progress progress)
            throws BadArgumentException, JobException {
        String query = arguments.required(QUERY);
        WorkerFields.checkPrompt(QUERY.name(), query);
        int results = arguments.orElse(NUM_RESULTS, 10);
        boolean full = arguments.orElse(SEARCH_DEPTH, "basic").equals(FULL);
        String prompt = "Search the web for: " + query + "\n\nReport up to " + results
                + " findings, the best first, each with its title, its address and what it says on the question in "
                + (full
                        ? "a paragraph. Open the pages and read them, compare what they say, and name where they disagree."
                        : "a sentence or two.")
                + " Do not change any file.";
        JobSpec spec = new JobSpec(
                CodexCommand.search(prompt), prompt, WorkerOptions.NONE, Sandbox.READ_ONLY, Optional.empty(), Map.of());
        return Turn.answer(Turn.run(registry, spec, progress), job -> new ToolAnswer.Text(Turn.finalMessage(job)));
    }
}
