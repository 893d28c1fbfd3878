package dev.codexmcp.orchestration;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** A small repository with one commit, and a shell in it. */
final class ScratchRepository {

    private final Path top;
    private final Path temporary;

    ScratchRepository(Path folder) throws IOException, InterruptedException {
        top = Files.createDirectory(folder.resolve("repository"));
        temporary = Files.createDirectory(folder.resolve("temporary"));
        write("list.txt", "as committed\n");
        sh("git init -q; git add -A;" + " git -c user.name=test -c user.email=test@localhost commit -q -m 'the start'");
    }

    /** Runs a command, which must succeed, and returns its output as {@code $(...)} does. */
    String sh(String command) throws IOException, InterruptedException {
        Outcome outcome = run(command);
        if (outcome.exitCode() != 0) {
            throw new AssertionError(command + " exited with " + outcome.exitCode() + ": " + outcome.output());
        }
        return outcome.output();
    }

    record Outcome(int exitCode, String output) {}

    Outcome run(String command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(List.of("sh", "-euc", command))
                .directory(top.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true);
        builder.environment().put("TMPDIR", temporary.toString());
        Process shell = builder.start();
        String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(shell.waitFor(), output.replaceFirst("\n+\\z", ""));
    }

    Path path(String file) {
        return top.resolve(file);
    }

    void write(String file, String content) throws IOException {
        Files.createDirectories(Objects.requireNonNull(path(file).getParent()));
        Files.writeString(path(file), content);
    }

    String read(String file) throws IOException {
        return Files.readString(path(file));
    }
}
