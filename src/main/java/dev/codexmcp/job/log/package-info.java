/**
 * What a worker said, as bytes and as pages of events: {@link dev.codexmcp.job.log.EventLog} keeps it, {@link
 * dev.codexmcp.job.log.EventPage} writes it. Knows nothing of jobs: a log's own events are given to it.
 */
@NullMarked
package dev.codexmcp.job.log;

import org.jspecify.annotations.NullMarked;
