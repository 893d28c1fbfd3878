/**
 * What jobs change in their working trees: {@link dev.codexmcp.job.changes.Changes} takes snapshots when writers start and
 * end, on threads of its own, and attributes what has changed in between.
 */
@NullMarked
package dev.codexmcp.job.changes;

import org.jspecify.annotations.NullMarked;
