/** JSON-RPC messages: parses incoming lines, encodes responses and tracks pending requests. */
@NullMarked
package dev.codexmcp.mcp.jsonrpc;

import org.jspecify.annotations.NullMarked;
