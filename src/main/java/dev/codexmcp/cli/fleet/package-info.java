/** The jobs of all servers of this user, read from their control sockets. */
@NullMarked
package dev.codexmcp.cli.fleet;

import org.jspecify.annotations.NullMarked;
