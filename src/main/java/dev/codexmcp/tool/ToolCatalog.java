package dev.codexmcp.tool;

import dev.codexmcp.codex.Sandbox;
import dev.codexmcp.job.JobRegistry;
import java.util.List;
import java.util.Optional;

/** All tools, in the order in which clients see them. A new tool is a new class and a line here. */
public final class ToolCatalog {
    private final List<Tool> tools;

    /** @param defaultSandbox where a call names none */
    public ToolCatalog(JobRegistry registry, Sandbox defaultSandbox) {
        tools = List.of(
                new SpawnTool(registry, defaultSandbox),
                new StatusTool(registry),
                new EventsTool(registry),
                new WaitAnyTool(registry),
                new ResultTool(registry),
                new CancelTool(registry),
                new PingTool());
    }

    public List<Tool> all() {
        return tools;
    }

    public Optional<Tool> find(String name) {
        return tools.stream().filter(tool -> tool.spec().name().equals(name)).findFirst();
    }
}
