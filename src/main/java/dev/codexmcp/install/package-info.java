/**
 * The commands {@code install} and {@code doctor}, which run in a terminal. None of these classes is loaded while the
 * server serves a client.
 */
@NullMarked
package dev.codexmcp.install;

import org.jspecify.annotations.NullMarked;
