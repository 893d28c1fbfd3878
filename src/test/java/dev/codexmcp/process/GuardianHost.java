package dev.codexmcp.process;

import java.io.IOException;

/** Stands in for a server: starts a guardian, says so, and is there until it is killed. */
final class GuardianHost {
    private GuardianHost() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        new Guardian(arguments[0], arguments[1]).ensureRunning();
        System.out.println("started");
        Thread.currentThread().join();
    }
}
