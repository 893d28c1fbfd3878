package dev.codexmcp.control;

import dev.codexmcp.job.HeldTime;
import dev.codexmcp.job.JobRegistry;
import dev.codexmcp.job.changes.Changes;
import dev.codexmcp.job.fleet.Fleet;
import java.util.List;
import java.util.function.Supplier;

/**
 * What the control socket shows.
 *
 * @param held when there were holds
 */
public record Sources(JobRegistry jobs, Fleet fleet, Changes changes, Supplier<List<HeldTime>> held) {}
