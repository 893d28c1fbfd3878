/** The Codex CLI: where it is, and how a request becomes its command line. Starts nothing. */
@NullMarked
package dev.codexmcp.codex;

import org.jspecify.annotations.NullMarked;
