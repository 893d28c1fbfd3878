/**
 * Tests of the orchestration kit: the skill, its runbook and its drills, and a boss working with several workers, with
 * the real CLI as boss and workers.
 */
@NullMarked
package dev.codexmcp.orchestration;

import org.jspecify.annotations.NullMarked;
