/**
 * Git: snapshots of working trees, changes between them and their authors, restoring files, worktrees. Git runs with
 * our settings only, since a worker may have written those of the repository. Knows nothing about jobs or Codex.
 */
@NullMarked
package dev.codexmcp.git;

import org.jspecify.annotations.NullMarked;
