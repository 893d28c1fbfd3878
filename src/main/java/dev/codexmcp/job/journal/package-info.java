/** The journal, which outlives the server: the thread of each job. */
@NullMarked
package dev.codexmcp.job.journal;

import org.jspecify.annotations.NullMarked;
