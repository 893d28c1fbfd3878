package dev.codexmcp.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** A codex that records how it was started, reads its stdin to the end, and exits with 0. */
public final class LaunchRecorder {

    /** What a program was started with. */
    public record Launch(
            List<String> arguments, List<String> environment, String directory, String stdinTarget, String stdin) {}

    private static final String BODY = """
            out=$(mktemp -d "$here/recording.XXXXXX")
            printf '%s\\0' "$@" > "$out/arguments"
            cat /proc/$$/environ > "$out/environment"
            pwd > "$out/directory"
            readlink /proc/$$/fd/0 > "$out/stdin-target"
            cat > "$out/stdin"
            mv "$out" "$here/launch"
            begin
            message recorded
            complete
            """;

    private final Path program;

    private LaunchRecorder(Path program) {
        this.program = program;
    }

    /** Makes a program in a directory of its own below this one, for a single launch. */
    public static LaunchRecorder in(Path directory) {
        return new LaunchRecorder(FakeCodex.script(directory, "launch-recorder", BODY));
    }

    /** The program to run. */
    public Path program() {
        return program;
    }

    /** Waits for the launch. */
    public Launch launch() {
        Path recording = program.resolveSibling("launch");
        Polling.until("a launch of " + program, () -> Files.exists(recording));
        try {
            return new Launch(
                    strings(recording.resolve("arguments")),
                    strings(recording.resolve("environment")),
                    Files.readString(recording.resolve("directory")).strip(),
                    Files.readString(recording.resolve("stdin-target")).strip(),
                    Files.readString(recording.resolve("stdin")));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + recording, e);
        }
    }

    /** Texts that each end with a zero byte. */
    private static List<String> strings(Path file) throws IOException {
        String[] parts = Files.readString(file).split("\0", -1);
        return Arrays.asList(parts).subList(0, parts.length - 1);
    }
}
