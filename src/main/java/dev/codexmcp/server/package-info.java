/**
 * MCP over standard input and output: lines in, lines out. The only place that knows of JSON-RPC, of the SDK's session and
 * of Reactor.
 */
@NullMarked
package dev.codexmcp.server;

import org.jspecify.annotations.NullMarked;
