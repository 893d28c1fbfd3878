package dev.codexmcp.process;

import java.io.IOException;

/**
 * Stands in for a server: sees that there is a guardian, at its start and for each byte that it reads, and says so. With a
 * third argument it only prepares one.
 */
final class GuardianHost {
    private GuardianHost() {}

    public static void main(String[] arguments) throws IOException {
        Guardian guardian = new Guardian(arguments[0], arguments[1]);
        do {
            if (arguments.length > 2) {
                guardian.prepare();
            } else {
                guardian.ensureRunning();
            }
            System.out.println("started");
        } while (System.in.read() >= 0);
    }
}
