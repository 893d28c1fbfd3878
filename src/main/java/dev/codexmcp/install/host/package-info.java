/** The MCP hosts that the server can be registered in: a class for each. */
@NullMarked
package dev.codexmcp.install.host;

import org.jspecify.annotations.NullMarked;
