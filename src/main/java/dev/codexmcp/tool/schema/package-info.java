/**
 * What a tool declares and exchanges with its caller: parameters, arguments, annotations, specifications and results.
 */
@NullMarked
package dev.codexmcp.tool.schema;

import org.jspecify.annotations.NullMarked;
