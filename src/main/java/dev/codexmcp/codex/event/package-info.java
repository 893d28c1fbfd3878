/**
 * A worker's JSONL output: {@link LineScanner} determines each line's kind as it arrives, and {@link EventWriter}
 * writes the event that clients see. Has no side effects and accepts any input.
 */
@NullMarked
package dev.codexmcp.codex.event;

import org.jspecify.annotations.NullMarked;
