package dev.codexmcp.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A codex that runs its prompt as a shell script, in the folder that {@code -C} names. */
public final class ShellCodex {
    private static final String CODEX = """
            #!/bin/sh
            before=
            for prompt; do
                [ "$before" != -C ] || cd "$prompt"
                before=$prompt
            done
            if [ "$prompt" = - ]; then prompt=$(cat); fi
            eval "$prompt"
            """;

    /** Appends to the file named by its argument until it is killed. */
    private static final String BEAT = """
            #!/bin/sh
            while :; do
                echo >>"$1"
                sleep 0.05
            done
            """;

    private ShellCodex() {}

    /** Writes the programs to the folder's {@code bin}. */
    public static void install(Path directory) {
        program(directory.resolve("bin/codex"), CODEX);
        program(directory.resolve("bin/beat"), BEAT);
    }

    public static void program(Path place, String text) {
        try {
            Files.createDirectories(place.getParent());
            Files.writeString(place, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertThat(place.toFile().setExecutable(true, false)).isTrue();
    }
}
