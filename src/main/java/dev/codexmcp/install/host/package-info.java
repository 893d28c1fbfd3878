/** The MCP hosts that the server can be registered with. */
@NullMarked
package dev.codexmcp.install.host;

import org.jspecify.annotations.NullMarked;
