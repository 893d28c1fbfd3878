/**
 * Child processes: starting one, hearing all it says, ending it with everything it started. The only place that makes or
 * signals a process. Knows nothing of jobs or of Codex.
 */
@NullMarked
package dev.codexmcp.worker;

import org.jspecify.annotations.NullMarked;
