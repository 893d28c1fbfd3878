/**
 * Child processes: starts one, reads all its output, and ends it and all its descendants. Apart from {@code install},
 * the only package that starts or signals processes. Knows nothing of jobs or Codex.
 */
@NullMarked
package dev.codexmcp.worker;

import org.jspecify.annotations.NullMarked;
