package dev.codexmcp.worker;

/** How a worker ended: as its {@link ExitStatus} says, or in a way that leaves none. */
public sealed interface WorkerEnd permits ExitStatus, WorkerEnd.NotStarted, WorkerEnd.Lost {
    /**
     * The worker never ran: the engine refused it, or its host has no such folder or program.
     *
     * @param reason for people, with the host or the engine
     */
    record NotStarted(String reason) implements WorkerEnd {}

    /**
     * Nobody knows how the worker ended: its host, the engine or the connection has failed.
     *
     * @param reason for people, with the host or the engine
     */
    record Lost(String reason) implements WorkerEnd {}
}
