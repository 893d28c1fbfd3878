/** Reads and writes lines: the two streams between the server and its client. Knows nothing about JSON. */
@NullMarked
package dev.codexmcp.mcp.stdio;

import org.jspecify.annotations.NullMarked;
