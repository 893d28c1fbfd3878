/**
 * The MCP server: it dispatches the client's messages, runs the tools and encodes their results. Only this package and its
 * subpackages know the SDK and Reactor.
 */
@NullMarked
package dev.codexmcp.mcp;

import org.jspecify.annotations.NullMarked;
