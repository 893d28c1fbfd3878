/**
 * Jobs: a job is one worker's life with all that it said. {@link dev.codexmcp.job.JobScheduler} starts and ends them, {@link
 * dev.codexmcp.job.JobRegistry} finds and lists them and notifies listeners, {@link dev.codexmcp.job.Job} lives through one.
 */
@NullMarked
package dev.codexmcp.job;

import org.jspecify.annotations.NullMarked;
