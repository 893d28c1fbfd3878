/** The conversations of the {@code codex} tool: the CLI's thread for each session ID, and the order of turns. */
@NullMarked
package dev.codexmcp.conversation;

import org.jspecify.annotations.NullMarked;
