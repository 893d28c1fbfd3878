package dev.codexmcp.process;

import java.io.IOException;

/** Stands in for a server: sees that there is a guardian, at its start and for each byte that it reads, and says so. */
final class GuardianHost {
    private GuardianHost() {}

    public static void main(String[] arguments) throws IOException {
        Guardian guardian = new Guardian(arguments[0], arguments[1]);
        do {
            guardian.ensureRunning();
            System.out.println("started");
        } while (System.in.read() >= 0);
    }
}
