/**
 * Jobs: a job is one run of a worker, with its output. {@link dev.codexmcp.job.JobScheduler} starts and ends them,
 * {@link dev.codexmcp.job.JobRegistry} finds and lists them and notifies listeners, {@link dev.codexmcp.job.Job} holds
 * the state of one.
 */
@NullMarked
package dev.codexmcp.job;

import org.jspecify.annotations.NullMarked;
