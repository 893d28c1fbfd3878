package dev.codexmcp.worker;

/** How a worker ended: with an {@link ExitStatus}, or without one. */
public sealed interface WorkerEnd permits ExitStatus, WorkerEnd.NotStarted, WorkerEnd.Lost {
    /**
     * The worker never ran: the engine refused it, or its host has no such folder or program.
     *
     * @param reason for people; names the host or the engine
     */
    record NotStarted(String reason) implements WorkerEnd {}

    /**
     * It is not known how the worker ended: its host, the engine or the connection has failed.
     *
     * @param reason for people, with the host or the engine
     */
    record Lost(String reason) implements WorkerEnd {}
}
