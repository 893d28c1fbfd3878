/**
 * Workers that run elsewhere, or in containers: through Slurm, ssh, podman, docker, or a command of the user's. A launcher, a child of this process,
 * connects each worker; a shell script at the other end, {@code runner.sh}, holds its lease. Knows nothing of jobs or Codex.
 */
@NullMarked
package dev.codexmcp.worker.remote;

import org.jspecify.annotations.NullMarked;
