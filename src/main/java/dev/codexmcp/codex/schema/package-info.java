/** The shape that a caller asks of a worker's final message: a JSON Schema, and the check of a message against it. */
@NullMarked
package dev.codexmcp.codex.schema;

import org.jspecify.annotations.NullMarked;
