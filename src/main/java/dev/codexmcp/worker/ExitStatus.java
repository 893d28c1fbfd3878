package dev.codexmcp.worker;

import org.jspecify.annotations.Nullable;

/**
 * How a process ended: with an exit code or by a signal. Exactly one of the two is non-null.
 *
 * @param code the exit code; null if a signal ended the process
 * @param signal the signal's name, such as {@code SIGTERM}; null if the process exited normally
 */
public record ExitStatus(@Nullable Integer code, @Nullable String signal) implements WorkerEnd {
    /** The JDK reports a signal as this plus its number, so an exit code in that range looks like a signal. */
    private static final int SIGNALED = 128;

    private static final String[] SIGNALS = {
        "",
        "SIGHUP",
        "SIGINT",
        "SIGQUIT",
        "SIGILL",
        "SIGTRAP",
        "SIGABRT",
        "SIGBUS",
        "SIGFPE",
        "SIGKILL",
        "SIGUSR1",
        "SIGSEGV",
        "SIGUSR2",
        "SIGPIPE",
        "SIGALRM",
        "SIGTERM",
        "SIGSTKFLT"
    };

    public ExitStatus {
        if ((code == null) == (signal == null)) {
            throw new IllegalArgumentException("either a code or a signal: " + code + ", " + signal);
        }
    }

    /** Whether the process says that it did what it was for. */
    public boolean returnedZero() {
        return code != null && code == 0;
    }

    /** The end of a process for which the JDK or a shell reports this value: 128 and a number stand for a signal. */
    public static ExitStatus of(int exitValue) {
        int signal = exitValue - SIGNALED;
        if (signal > 0 && signal < SIGNALS.length) {
            return new ExitStatus(null, SIGNALS[signal]);
        }
        return new ExitStatus(exitValue, null);
    }

    /** For people: {@code exit code 2} or {@code SIGKILL}. */
    public String describe() {
        return signal != null ? signal : "exit code " + code;
    }
}
