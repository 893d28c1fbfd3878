/**
 * What tests and the demo stand on: a scripted model, a home for the Codex CLI that talks to it, an MCP client over
 * stdio, fake CLIs and a view of the processes that are left. It knows nothing of the server's own classes and nothing
 * of a test framework.
 */
@NullMarked
package dev.codexmcp.testkit;

import org.jspecify.annotations.NullMarked;
