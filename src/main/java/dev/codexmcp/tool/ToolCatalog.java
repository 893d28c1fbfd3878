package dev.codexmcp.tool;

import dev.codexmcp.codex.Sandbox;
import dev.codexmcp.conversation.ConversationStore;
import dev.codexmcp.conversation.TurnQueue;
import dev.codexmcp.job.JobRegistry;
import dev.codexmcp.job.JobScheduler;
import dev.codexmcp.job.fleet.Fleet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

/** All tools, in the order in which clients see them. A new tool is a new class and a line here. */
public final class ToolCatalog {
    private final List<Tool> tools;

    /**
     * @param timer runs time-outs and progress
     * @param defaultSandbox for calls that name none
     * @param threads runs what a tool has to do after its call has returned, and what may block
     */
    public ToolCatalog(
            JobRegistry jobs,
            JobScheduler scheduler,
            ScheduledExecutorService timer,
            Sandbox defaultSandbox,
            Executor threads) {
        ConversationStore conversations = new ConversationStore(System::currentTimeMillis);
        Fleet fleet = new Fleet(jobs, timer);
        tools = List.of(
                new SpawnTool(scheduler, defaultSandbox),
                new SpawnGroupTool(scheduler, defaultSandbox),
                new ListTool(fleet, scheduler),
                new StatusTool(jobs),
                new EventsTool(jobs),
                new WaitTool(fleet, timer, threads),
                new WaitAnyTool(jobs, timer),
                new ResultTool(jobs, fleet),
                new CancelTool(jobs, fleet),
                new InterruptTool(jobs, scheduler, timer, defaultSandbox),
                new CodexTool(scheduler, timer, defaultSandbox, conversations, new TurnQueue(threads)),
                new ReviewTool(scheduler, timer),
                new WebSearchTool(scheduler, timer),
                new ListSessionsTool(conversations),
                new HelpTool(scheduler, timer),
                new PingTool());
    }

    public List<Tool> all() {
        return tools;
    }

    public Optional<Tool> find(String name) {
        return tools.stream().filter(tool -> tool.spec().name().equals(name)).findFirst();
    }
}
