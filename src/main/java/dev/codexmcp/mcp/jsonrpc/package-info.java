/**
 * JSON-RPC messages: parses incoming lines, encodes responses and keeps track of requests that await one.
 */
@NullMarked
package dev.codexmcp.mcp.jsonrpc;

import org.jspecify.annotations.NullMarked;
