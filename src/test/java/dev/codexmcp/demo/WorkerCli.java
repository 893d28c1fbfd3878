package dev.codexmcp.demo;

import dev.codexmcp.testkit.RealCodex;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;

/** The Codex CLI that runs the workers. */
sealed interface WorkerCli {

    /** A description for people. */
    String cli();

    /**
     * A scripted model.
     *
     * @param codex the CLI; if absent, a stand-in is used
     */
    record Scripted(Optional<Path> codex) implements WorkerCli {
        @Override
        public String cli() {
            return codex.map(path ->
                            "the real one, " + path.toString().replace(System.getProperty("user.home") + "/", "~/"))
                    .orElse("a stand-in, since no Codex CLI was found and npm could not install it");
        }
    }

    /** The user's own CLI, login and model. */
    record Own(String cli) implements WorkerCli {}

    /** Finds the CLI; if there is none, fetches it from npm, which may take a while. */
    static WorkerCli find(boolean own) {
        if (own) {
            return new Own(OwnCodex.check());
        }
        try {
            return new Scripted(Optional.of(RealCodex.find().script()));
        } catch (IllegalStateException | UncheckedIOException e) {
            return new Scripted(Optional.empty());
        }
    }
}
