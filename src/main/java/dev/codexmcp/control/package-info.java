/**
 * The control socket, through which the user's own programs can see and cancel this server's jobs: {@link
 * dev.codexmcp.control.ControlSocket} opens it with the first job, {@link dev.codexmcp.control.ControlServer} serves it on one
 * thread, {@link dev.codexmcp.control.SocketFolder} determines where it is. docs/control.md describes the protocol.
 */
@NullMarked
package dev.codexmcp.control;

import org.jspecify.annotations.NullMarked;
