/** The checks of the command {@code doctor}. */
@NullMarked
package dev.codexmcp.install.doctor;

import org.jspecify.annotations.NullMarked;
