/**
 * The tools, one class each: name, description, parameters, annotations and behaviour in one place.
 * {@link dev.codexmcp.tool.ToolCatalog} lists them. Knows nothing about how calls arrive and results leave.
 */
@NullMarked
package dev.codexmcp.tool;

import org.jspecify.annotations.NullMarked;
