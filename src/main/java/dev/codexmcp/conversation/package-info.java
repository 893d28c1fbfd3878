/** The conversations of the {@code codex} tool: which thread of the CLI goes by which name of the caller's. */
@NullMarked
package dev.codexmcp.conversation;

import org.jspecify.annotations.NullMarked;
