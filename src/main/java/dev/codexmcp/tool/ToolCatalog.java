package dev.codexmcp.tool;

import dev.codexmcp.codex.Sandbox;
import dev.codexmcp.conversation.ConversationStore;
import dev.codexmcp.conversation.TurnQueue;
import dev.codexmcp.job.JobRegistry;
import dev.codexmcp.job.JobScheduler;
import dev.codexmcp.job.changes.Changes;
import dev.codexmcp.job.fleet.Fleet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** All tools, in the order in which clients see them. A new tool is a new class and a line here. */
public final class ToolCatalog {
    private final List<Tool> tools;
    private final Set<String> leftOut;
    private final Fleet fleet;
    private final JobRegistry jobs;

    /**
     * @param changes reports what jobs change
     * @param timer runs time-outs and progress
     * @param defaultSandbox for calls that name none
     * @param threads runs what a tool has to do after its call has returned, and what may block
     */
    public ToolCatalog(
            JobRegistry jobs,
            JobScheduler scheduler,
            Changes changes,
            ScheduledExecutorService timer,
            Sandbox defaultSandbox,
            Executor threads) {
        this.jobs = jobs;
        ConversationStore conversations = new ConversationStore(System::currentTimeMillis);
        fleet = new Fleet(jobs, timer, scheduler::waitsFor, changes::overlapping);
        TreeCalls trees = new TreeCalls(jobs, changes, threads);
        tools = List.of(
                new SpawnTool(scheduler, defaultSandbox),
                new SpawnGroupTool(scheduler, defaultSandbox),
                new ListTool(fleet, scheduler),
                new StatusTool(jobs),
                new EventsTool(jobs),
                new WaitTool(fleet, scheduler, changes, timer, threads),
                new WaitAnyTool(jobs, timer),
                new ResultTool(jobs, fleet, changes),
                new ChangesTool(trees),
                new RestoreTool(trees),
                new WorktreeTool(trees),
                new CancelTool(jobs, fleet),
                new InterruptTool(jobs, scheduler, timer, defaultSandbox),
                new FollowupTool(jobs, scheduler, defaultSandbox),
                new CodexTool(scheduler, timer, defaultSandbox, conversations, new TurnQueue(threads)),
                new ReviewTool(scheduler, timer),
                new WebSearchTool(scheduler, timer),
                new ListSessionsTool(conversations),
                new HelpTool(scheduler, timer),
                new PingTool());
        leftOut = Set.of();
    }

    private ToolCatalog(List<Tool> tools, Set<String> leftOut, Fleet fleet, JobRegistry jobs) {
        this.tools = tools;
        this.leftOut = leftOut;
        this.fleet = fleet;
        this.jobs = jobs;
    }

    /**
     * These tools, limited to those that {@code CODEX_MCP_TOOLS} selects.
     *
     * @param selection the variable's value; without one, all are selected
     * @param complain receives one line for each invalid entry
     */
    public ToolCatalog select(Optional<String> selection, Consumer<String> complain) {
        if (selection.isEmpty()) {
            return this;
        }
        List<String> names = tools.stream().map(tool -> tool.spec().name()).toList();
        Set<String> selected = ToolSelection.of(selection.get(), names, complain);
        return new ToolCatalog(
                tools.stream()
                        .filter(tool -> selected.contains(tool.spec().name()))
                        .toList(),
                names.stream().filter(name -> !selected.contains(name)).collect(Collectors.toUnmodifiableSet()),
                fleet,
                jobs);
    }

    /** All jobs, to find one. */
    public JobRegistry jobs() {
        return jobs;
    }

    /** The overview of all jobs. */
    public Fleet fleet() {
        return fleet;
    }

    public List<Tool> all() {
        return tools;
    }

    public Optional<Tool> find(String name) {
        return tools.stream().filter(tool -> tool.spec().name().equals(name)).findFirst();
    }

    /** Why {@link #find} finds no tool of this name. */
    public String missing(String name) {
        return (leftOut.contains(name) ? ToolSelection.VARIABLE + " leaves this tool out" : "there is no such tool")
                + "; see tools/list.";
    }
}
