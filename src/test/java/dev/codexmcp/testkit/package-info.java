/**
 * The basis of the tests and the demo: a scripted model, a home for the Codex CLI that uses it, an MCP client over stdio,
 * fake CLIs and a process scanner. It depends neither on the server's own classes nor on a test framework.
 */
@NullMarked
package dev.codexmcp.testkit;

import org.jspecify.annotations.NullMarked;
