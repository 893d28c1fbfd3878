package dev.codexmcp.demo;

import dev.codexmcp.testkit.RealCodex;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;

/** Whose Codex CLI plays the workers. */
sealed interface WorkerCli {

    /** In words. */
    String cli();

    /**
     * A model that is a script.
     *
     * @param codex the CLI; where there is none, something stands in for it
     */
    record Scripted(Optional<Path> codex) implements WorkerCli {
        @Override
        public String cli() {
            return codex.map(path ->
                            "the real one, " + path.toString().replace(System.getProperty("user.home") + "/", "~/"))
                    .orElse("a stand-in, since there is no Codex CLI here and npm could not bring it");
        }
    }

    /** The user's own CLI, login and model. */
    record Own(String cli) implements WorkerCli {}

    /** Finds the CLI; fetches it from npm, which may take its time, where the script needs one and there is none. */
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
