/**
 * The page in the browser: {@link dev.codexmcp.dashboard.Dashboard} serves it and its API on 127.0.0.1, {@link dev.codexmcp.dashboard.Guard} decides which requests it answers. A server never loads this package.
 */
@NullMarked
package dev.codexmcp.dashboard;

import org.jspecify.annotations.NullMarked;
