package dev.codexmcp.codex;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What a worker's commands may access: the CLI's {@code --sandbox} modes. */
public enum Sandbox {
    /** Read anything, write nothing. */
    READ_ONLY("read-only"),
    /** Write below the working directory and the temporary directory. */
    WORKSPACE_WRITE("workspace-write"),
    /** Anything that the user may do. */
    DANGER_FULL_ACCESS("danger-full-access");

    private final String wire;

    Sandbox(String wire) {
        this.wire = wire;
    }

    /** The CLI's name for the mode. */
    public String wire() {
        return wire;
    }

    public static Optional<Sandbox> of(String wire) {
        return Arrays.stream(values()).filter(mode -> mode.wire.equals(wire)).findFirst();
    }

    /** The CLI's names of all modes, from least to most permissive. */
    public static List<String> words() {
        return Arrays.stream(values()).map(Sandbox::wire).toList();
    }
}
