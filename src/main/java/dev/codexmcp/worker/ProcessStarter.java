package dev.codexmcp.worker;

import java.io.Closeable;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Starts processes one at a time, and only while there are file descriptors for it. Where the JDK (17.0.15, seen by strace)
 * can't make all of a child's pipes, it closes descriptor 0 besides: that is our client, and the end of the server.
 */
public final class ProcessStarter {
    /** Two for each of three streams and for the word that the start has failed, the null device, and some to spare. */
    private static final int DESCRIPTORS = 12;

    /** Reads as ended at once. */
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

    /** The launcher gives the JVM a UTF-8 locale, since it encodes arguments by it; workers get the user's own. */
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

    /** Opens as many descriptors as a start takes, and closes them again; throws where the system refuses one. */
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
