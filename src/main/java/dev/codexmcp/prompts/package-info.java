/** The guidance that the server offers a boss: how to write a worker's prompt, and how to run several workers. */
@NullMarked
package dev.codexmcp.prompts;

import org.jspecify.annotations.NullMarked;
