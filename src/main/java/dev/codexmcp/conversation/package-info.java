/** The conversations of the {@code codex} tool: the CLI's thread behind each session id, and the order of turns. */
@NullMarked
package dev.codexmcp.conversation;

import org.jspecify.annotations.NullMarked;
