/**
 * The packaged server, started by its launcher, with the real Codex CLI and a scripted model: what a user gets, end to
 * end. Each test checks afterwards that none of its processes is left.
 */
@NullMarked
package dev.codexmcp.e2e;

import org.jspecify.annotations.NullMarked;
