/** Where it begins: {@link dev.codexmcp.Main} reads the environment, puts the parts together and sees to the end. */
@NullMarked
package dev.codexmcp;

import org.jspecify.annotations.NullMarked;
