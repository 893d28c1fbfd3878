/** Changes one entry of a user's configuration file and leaves every other byte as it is. */
@NullMarked
package dev.codexmcp.install.edit;

import org.jspecify.annotations.NullMarked;
