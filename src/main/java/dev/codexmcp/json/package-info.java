/** Bytes in, bytes out: the few JSON helpers that every other package writes its answers with. Knows none of them. */
@NullMarked
package dev.codexmcp.json;

import org.jspecify.annotations.NullMarked;
