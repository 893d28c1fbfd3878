package dev.codexmcp.e2e;

import dev.codexmcp.testkit.RealCodex;
import java.nio.file.Path;

/** What may go by the name of codex, and how it is started. The processes differ: the script is the parent of the binary. */
enum CliVariant {
    /** npm's script, which most users have on their PATH; the server starts the binary behind it. */
    NPM,
    /** npm's script, started as it is. */
    NPM_SCRIPT,
    NATIVE_BINARY;

    Path path() {
        RealCodex codex = RealCodex.find();
        return this == NATIVE_BINARY ? codex.binary() : codex.script();
    }

    /** What a worker is started with. */
    Path started() {
        return this == NPM ? RealCodex.find().binary() : path();
    }
}
