/**
 * The commands for people: {@code jobs}, {@code watch}, {@code logs}, {@code cancel} and {@code dashboard}. They ask the servers
 * of this user over their control sockets; a server never loads this package.
 */
@NullMarked
package dev.codexmcp.cli;

import org.jspecify.annotations.NullMarked;
