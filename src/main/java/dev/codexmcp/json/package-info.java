/** JSON and UTF-8 helpers that work on bytes. Every other package may use them; they depend on none. */
@NullMarked
package dev.codexmcp.json;

import org.jspecify.annotations.NullMarked;
