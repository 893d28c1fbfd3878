package dev.codexmcp.codex;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What a worker's commands may touch; the CLI's {@code --sandbox} modes. */
public enum Sandbox {
    /** Read anything, write nothing. */
    READ_ONLY("read-only"),
    /** Write below the working directory and the temp dir. */
    WORKSPACE_WRITE("workspace-write"),
    /** Everything that the user may do. */
    DANGER_FULL_ACCESS("danger-full-access");

    private final String wire;

    Sandbox(String wire) {
        this.wire = wire;
    }

    /** The CLI's word for it. */
    public String wire() {
        return wire;
    }

    public static Optional<Sandbox> of(String wire) {
        return Arrays.stream(values()).filter(mode -> mode.wire.equals(wire)).findFirst();
    }

    /** All words, in the order of growing power. */
    public static List<String> words() {
        return Arrays.stream(values()).map(Sandbox::wire).toList();
    }
}
