/**
 * The output of a worker, as bytes and as pages of events: {@link dev.codexmcp.job.log.EventLog} keeps it,
 * {@link dev.codexmcp.job.log.EventPage} writes it. Knows nothing about jobs: the content of a log's own events is
 * passed in.
 */
@NullMarked
package dev.codexmcp.job.log;

import org.jspecify.annotations.NullMarked;
