package dev.codexmcp.e2e;

import dev.codexmcp.testkit.RealCodex;
import java.nio.file.Path;

/** The two programs that go by the name of codex. Their processes differ: the script is the parent of the binary. */
enum CodexProgram {
    /** npm's script, which most users have on their PATH. */
    NPM_SCRIPT,
    NATIVE_BINARY;

    Path path() {
        RealCodex codex = RealCodex.find();
        return this == NPM_SCRIPT ? codex.script() : codex.binary();
    }
}
