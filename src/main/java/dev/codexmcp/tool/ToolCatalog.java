package dev.codexmcp.tool;

import dev.codexmcp.codex.Sandbox;
import dev.codexmcp.conversation.ConversationStore;
import dev.codexmcp.conversation.TurnQueue;
import dev.codexmcp.job.JobRegistry;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/** All tools, in the order in which clients see them. A new tool is a new class and a line here. */
public final class ToolCatalog {
    private final List<Tool> tools;

    /**
     * @param defaultSandbox for calls that name none
     * @param threads runs what a tool has to do after its call has returned, and what may block
     */
    public ToolCatalog(JobRegistry registry, Sandbox defaultSandbox, Executor threads) {
        ConversationStore conversations = new ConversationStore(System::currentTimeMillis);
        tools = List.of(
                new SpawnTool(registry, defaultSandbox),
                new SpawnGroupTool(registry, defaultSandbox),
                new StatusTool(registry),
                new EventsTool(registry),
                new WaitAnyTool(registry),
                new ResultTool(registry),
                new CancelTool(registry),
                new InterruptTool(registry, defaultSandbox),
                new CodexTool(registry, defaultSandbox, conversations, new TurnQueue(threads)),
                new ReviewTool(registry),
                new WebSearchTool(registry),
                new ListSessionsTool(conversations),
                new HelpTool(registry),
                new PingTool());
    }

    public List<Tool> all() {
        return tools;
    }

    public Optional<Tool> find(String name) {
        return tools.stream().filter(tool -> tool.spec().name().equals(name)).findFirst();
    }
}
