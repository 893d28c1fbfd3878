package dev.codexmcp.control;

import dev.codexmcp.job.JobRegistry;
import dev.codexmcp.job.changes.Changes;
import dev.codexmcp.job.fleet.Fleet;

/** What the control socket shows. */
public record Sources(JobRegistry jobs, Fleet fleet, Changes changes) {}
