package dev.codexmcp.worker;

import org.jspecify.annotations.Nullable;

/**
 * How a process ended: with a code of its own, or by a signal. Exactly one of the two is there.
 *
 * @param code what the process returned, null where a signal ended it
 * @param signal the signal's name, such as {@code SIGTERM}, null where the process returned
 */
public record ExitStatus(@Nullable Integer code, @Nullable String signal) {
    /** The JDK reports a signal as this plus its number, and a process that returns such a number looks the same. */
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

    static ExitStatus of(int exitValue) {
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
