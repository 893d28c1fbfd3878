/**
 * Lines in, lines out: the two streams that connect the server with its client. Knows nothing of JSON.
 */
@NullMarked
package dev.codexmcp.mcp.stdio;

import org.jspecify.annotations.NullMarked;
