package dev.codexmcp.install.doctor;

import dev.codexmcp.install.os.Terminal;

/** A line for each check; below each that fails, what to do. */
final class Report {
    private final Terminal terminal;
    private int wrong;

    Report(Terminal terminal) {
        this.terminal = terminal;
    }

    void ok(String what, String text) {
        terminal.print("ok     " + what + ": " + text);
    }

    /** Something worth knowing that need not be wrong. */
    void note(String what, String text) {
        terminal.print("note   " + what + ": " + text);
    }

    void wrong(String what, String text, String advice) {
        wrong++;
        terminal.print("WRONG  " + what + ": " + text);
        terminal.print("       do: " + advice);
    }

    /** How many things are wrong so far. */
    int wrong() {
        return wrong;
    }

    void sum() {
        terminal.print("");
        terminal.print(wrong == 0 ? "All is well." : wrong == 1 ? "1 thing is wrong." : wrong + " things are wrong.");
    }
}
