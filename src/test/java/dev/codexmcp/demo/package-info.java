/**
 * {@code scripts/demo}: shows the server at work. Uses the test kit, runs without a test framework, and needs no
 * account.
 */
@NullMarked
package dev.codexmcp.demo;

import org.jspecify.annotations.NullMarked;
