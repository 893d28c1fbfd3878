/**
 * The packaged server, started by its launcher, with the real Codex CLI and a scripted model: what a user gets, from end to
 * end. After every test the processes of this machine are looked through: nothing that the test started may be left.
 */
@NullMarked
package dev.codexmcp.e2e;

import org.jspecify.annotations.NullMarked;
