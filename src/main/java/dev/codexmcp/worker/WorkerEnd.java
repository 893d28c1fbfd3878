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
     * The engine ended the worker, or it is not known how it ended: the engine, its host or the connection has failed.
     *
     * @param reason for people, with the host or the engine
     */
    record Lost(String reason) implements WorkerEnd {}
}
