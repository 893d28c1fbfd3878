/** The commands' access to the system: environment, terminal, other programs. */
@NullMarked
package dev.codexmcp.install.os;

import org.jspecify.annotations.NullMarked;
