/** The entry point: {@link dev.codexmcp.Main} reads the environment, assembles the server and shuts it down. */
@NullMarked
package dev.codexmcp;

import org.jspecify.annotations.NullMarked;
