package dev.codexmcp.job;

import dev.codexmcp.codex.event.FailureReason;
import dev.codexmcp.worker.ExitStatus;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Why a job ended. {@link ExitStatus} and {@link EndDetails} have the details. */
public enum EndCause {
    /** The worker exited, with any code. */
    EXIT,
    /** The worker was ended by a signal that this server did not send. */
    SIGNAL,
    /** The server's heap could not hold the worker's output, so the server killed the worker. */
    MEMORY,
    /** A client canceled the job. */
    CANCELED,
    /** A job that it depends on did not end {@code done}. */
    DEPENDENCY,
    /** It reached its limit of running time. */
    TIMEOUT,
    /** It reached its limit of time without a sign of life. */
    IDLE,
    /** It reached its limit of tokens, or the fleet did before it started. */
    TOKENS,
    /** The account's allowance is used up. */
    USAGE_LIMIT,
    /** Too many requests or tokens in a short time. */
    RATE_LIMIT,
    /** The provider is out of capacity or has an internal error. */
    OVERLOADED,
    /** The provider cannot be reached, or the connection broke. */
    NETWORK,
    /** The API key is missing or rejected. */
    AUTH,
    /** The model is unknown to the provider or unavailable to this account. */
    MODEL,
    /** The worker could not be started. */
    START,
    /** Its worktree could not be created. */
    WORKTREE,
    /** The engine ended the worker, or it is not known how it ended: the engine, its host or the connection to it failed. */
    LOST,
    /** The server is shutting down. */
    SHUTDOWN;

    private final String wire = name().toLowerCase(Locale.ROOT);

    /** The word used in results; empty if the status says everything. */
    public Optional<String> reason() {
        return this == CANCELED || this == SHUTDOWN ? Optional.empty() : Optional.of(wire);
    }

    /** Whether a job that the server ends for this cause has failed, rather than been canceled. */
    boolean isFailure() {
        return this == START || this == TIMEOUT || this == IDLE || this == TOKENS;
    }

    /** Whether the provider may accept the same work later. */
    boolean isProviderLimit() {
        return this == USAGE_LIMIT || this == RATE_LIMIT || this == OVERLOADED;
    }

    /**
     * The cause of a job's end.
     *
     * @param exit the worker's exit status, null if it had no worker
     * @param asked the cause given by the first request to end the job, null if there was none
     */
    static EndCause of(JobStatus status, @Nullable ExitStatus exit, @Nullable EndCause asked, boolean outOfMemory) {
        if (status == JobStatus.CANCELED && asked != null) {
            return asked;
        }
        if (status == JobStatus.FAILED && outOfMemory) {
            return MEMORY;
        }
        if (status == JobStatus.FAILED && asked != null && asked.isFailure()) {
            return asked;
        }
        if (exit == null) {
            return START;
        }
        return exit.signal() == null ? EXIT : SIGNAL;
    }

    /** The cause of a job that failed for this reason. */
    static EndCause of(FailureReason reason) {
        return switch (reason) {
            case USAGE_LIMIT -> USAGE_LIMIT;
            case RATE_LIMIT -> RATE_LIMIT;
            case OVERLOADED -> OVERLOADED;
            case NETWORK -> NETWORK;
            case AUTH -> AUTH;
            case MODEL -> MODEL;
        };
    }
}
