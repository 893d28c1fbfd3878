package dev.codexmcp.worker;

import java.io.Closeable;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Starts processes one at a time, and only if enough file descriptors are free. If the JDK cannot create all of a
 * child's pipes, it also closes descriptor 0 (seen with strace on 17.0.15), which would disconnect the client and stop
 * the server.
 */
public final class ProcessStarter {
    /**
     * Two for each of three streams, two for the pipe that reports a failed start, the null device, and some to spare.
     */
    private static final int DESCRIPTORS = 12;

    /** Reading it yields EOF at once. */
    public static final File NULL_DEVICE =
            new File(System.getProperty("os.name", "").startsWith("Windows") ? "NUL" : "/dev/null");

    private ProcessStarter() {}

    /** Starts a worker. */
    static Process start(ChildProcess.Command command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder();
        builder.command().add(command.program());
        builder.command().addAll(command.arguments());
        restoreLocale(builder.environment());
        builder.environment().keySet().removeAll(command.unset());
        builder.environment().putAll(command.environment());
        builder.environment().put(command.cookie().variable(), command.cookie().value());
        if (command.stdin() == null) {
            builder.redirectInput(NULL_DEVICE);
        }
        return start(builder);
    }

    /** The launcher sets a UTF-8 locale because the JVM encodes arguments with it; workers get the user's own. */
    private static void restoreLocale(Map<String, String> environment) {
        String users = System.getProperty("codexmcp.lc_all");
        if (users == null) {
            return; // not started by the launcher
        }
        if (users.isEmpty()) {
            environment.remove("LC_ALL");
        } else {
            environment.put("LC_ALL", users);
        }
    }

    public static synchronized Process start(ProcessBuilder builder) throws IOException {
        tryDescriptors();
        return builder.start();
    }

    /** Opens and closes as many descriptors as a start needs; throws if the system refuses one. */
    private static void tryDescriptors() throws IOException {
        List<Closeable> opened = new ArrayList<>();
        try {
            for (int i = 0; i < DESCRIPTORS; i++) {
                opened.add(new FileInputStream(NULL_DEVICE));
            }
        } finally {
            for (Closeable descriptor : opened) {
                descriptor.close();
            }
        }
    }
}
