package dev.codexmcp.worker;

import java.io.IOException;

/**
 * Stands in for a server: ensures that a watchdog is running at the start and for each byte read, and prints a line
 * each time. With a third argument it only prepares one.
 */
final class WatchdogHost {
    private WatchdogHost() {}

    public static void main(String[] arguments) throws IOException {
        Watchdog watchdog = new Watchdog(arguments[0], arguments[1]);
        do {
            if (arguments.length > 2) {
                watchdog.prepare();
            } else {
                watchdog.ensureRunning();
            }
            System.out.println("started");
        } while (System.in.read() >= 0);
    }
}
