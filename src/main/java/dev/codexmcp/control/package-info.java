/**
 * The control socket, on which the user's own programs see this server's jobs and can cancel them: {@link
 * dev.codexmcp.control.ControlSocket} opens it with the first job, {@link dev.codexmcp.control.ControlServer} serves it on one
 * thread, {@link dev.codexmcp.control.SocketFolder} says where it is. docs/control.md describes the protocol.
 */
@NullMarked
package dev.codexmcp.control;

import org.jspecify.annotations.NullMarked;
