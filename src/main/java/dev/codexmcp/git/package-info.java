/**
 * Git: snapshots of working trees, what changed between them and whose it is, putting files back, worktrees. Git runs with
 * settings of ours alone: a worker may have written those of the repository. Knows nothing of jobs or of Codex.
 */
@NullMarked
package dev.codexmcp.git;

import org.jspecify.annotations.NullMarked;
