/**
 * All jobs at once: {@link dev.codexmcp.job.fleet.Fleet} keeps them in the order of their changes, {@link
 * dev.codexmcp.job.fleet.FleetWait} waits for several, {@link dev.codexmcp.job.fleet.FairShare} divides the room among their messages.
 */
@NullMarked
package dev.codexmcp.job.fleet;

import org.jspecify.annotations.NullMarked;
