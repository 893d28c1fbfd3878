package dev.codexmcp.install.doctor;

import dev.codexmcp.install.os.Terminal;

/** Prints one line for each check, and below each failed check how to fix it. */
final class Report {
    private final Terminal terminal;
    private int wrong;

    Report(Terminal terminal) {
        this.terminal = terminal;
    }

    void ok(String what, String text) {
        terminal.print("ok     " + what + ": " + text);
    }

    /** Reports something worth knowing that is not necessarily a problem. */
    void note(String what, String text) {
        terminal.print("note   " + what + ": " + text);
    }

    void wrong(String what, String text, String advice) {
        wrong++;
        terminal.print("WRONG  " + what + ": " + text);
        terminal.print("       fix: " + advice);
    }

    /** The number of problems so far. */
    int wrong() {
        return wrong;
    }

    void sum() {
        terminal.print("");
        terminal.print(
                wrong == 0 ? "No problems found." : wrong == 1 ? "1 problem found." : wrong + " problems found.");
    }
}
