/**
 * The tools: one class each, with its name, description, arguments, hints and handler in one place. {@link
 * dev.codexmcp.tool.ToolCatalog} lists them. Knows nothing of how calls come in and answers go out.
 */
@NullMarked
package dev.codexmcp.tool;

import org.jspecify.annotations.NullMarked;
