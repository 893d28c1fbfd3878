/** What a boss can learn from the server itself: how to word a task for a worker, and how to run several. */
@NullMarked
package dev.codexmcp.prompts;

import org.jspecify.annotations.NullMarked;
