/**
 * A worker's JSONL output: {@link LineScanner} determines each line's kind as it arrives, {@link EventWriter} writes the event
 * that clients see. Pure, and never fails on any input.
 */
@NullMarked
package dev.codexmcp.codex.event;

import org.jspecify.annotations.NullMarked;
