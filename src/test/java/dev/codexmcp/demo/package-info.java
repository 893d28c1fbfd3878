/**
 * {@code scripts/demo}: the server at work, as a person sees it. Stands on the test kit, runs without a test framework, and
 * needs no account.
 */
@NullMarked
package dev.codexmcp.demo;

import org.jspecify.annotations.NullMarked;
