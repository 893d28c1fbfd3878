/**
 * The orchestration kit, held to its word: the skill, its runbook and its drills, run and checked, and the ways in which a
 * boss works with several workers, with the real CLI as boss and as workers.
 */
@NullMarked
package dev.codexmcp.orchestration;

import org.jspecify.annotations.NullMarked;
