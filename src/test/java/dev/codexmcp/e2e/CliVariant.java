package dev.codexmcp.e2e;

import dev.codexmcp.testkit.RealCodex;
import java.nio.file.Path;

/**
 * The kinds of codex on PATH, and how they are started. Their processes differ: npm's script is the parent of the
 * binary.
 */
enum CliVariant {
    /** npm's script, which most users have on their PATH; the server starts the binary behind it. */
    NPM,
    /** npm's script, started as a script. */
    NPM_SCRIPT,
    NATIVE_BINARY;

    Path path() {
        RealCodex codex = RealCodex.find();
        return this == NATIVE_BINARY ? codex.binary() : codex.script();
    }

    /** The program that the server starts. */
    Path started() {
        return this == NPM ? RealCodex.find().binary() : path();
    }
}
