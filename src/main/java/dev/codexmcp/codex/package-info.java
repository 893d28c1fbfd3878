/** The Codex CLI: finds it, builds its command lines and reads its token counts. Starts no process. */
@NullMarked
package dev.codexmcp.codex;

import org.jspecify.annotations.NullMarked;
