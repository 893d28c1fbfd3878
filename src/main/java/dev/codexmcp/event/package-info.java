/**
 * What a worker says, line by line, and what becomes of it: {@link LineScanner} tells at arrival what kind each JSONL line
 * is, {@link EventWriter} writes the event that clients see. Pure, and never fails on any input.
 */
@NullMarked
package dev.codexmcp.event;

import org.jspecify.annotations.NullMarked;
