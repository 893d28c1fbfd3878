/**
 * The commands {@code install} and {@code doctor}. They run in a terminal and not in a session: nothing here is loaded
 * when the server serves a client.
 */
@NullMarked
package dev.codexmcp.install;

import org.jspecify.annotations.NullMarked;
