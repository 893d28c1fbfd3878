/**
 * Jobs: a job is one worker with all it has said. {@link dev.codexmcp.job.JobRegistry} starts and finds them, {@link
 * dev.codexmcp.job.Job} lives through one, {@link dev.codexmcp.job.EventLog} keeps its events.
 */
@NullMarked
package dev.codexmcp.job;

import org.jspecify.annotations.NullMarked;
