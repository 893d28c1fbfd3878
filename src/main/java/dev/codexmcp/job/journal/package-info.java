/** What outlives the server: which thread each job had. */
@NullMarked
package dev.codexmcp.job.journal;

import org.jspecify.annotations.NullMarked;
