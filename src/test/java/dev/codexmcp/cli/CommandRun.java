package dev.codexmcp.cli;

import dev.codexmcp.testkit.Polling;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A run of one of the launcher's commands, with control sockets in a folder of the test. */
public record CommandRun(int exitCode, String out, String err) {
    public static final String LAUNCHER =
            Objects.requireNonNull(System.getProperty("codexmcp.launcher"), "codexmcp.launcher is not set");

    /** The environment of commands and servers that are to find each other. */
    public static Map<String, String> environment(Path folder) throws IOException {
        Map<String, String> environment = new HashMap<>();
        environment.put(
                "XDG_RUNTIME_DIR",
                Files.createDirectories(folder.resolve("run")).toString());
        environment.put("HOME", folder.toString());
        environment.put("XDG_STATE_HOME", folder.resolve("state").toString());
        environment.put("JAVA_HOME", Objects.requireNonNull(System.getProperty("java.home")));
        return environment;
    }

    static CommandRun of(Path folder, String... arguments) throws IOException, InterruptedException {
        return finish(start(folder, arguments));
    }

    public static Process start(Path folder, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(LAUNCHER));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment(folder));
        Process process = builder.start();
        process.getOutputStream().close();
        return process;
    }

    static CommandRun finish(Process process) throws InterruptedException {
        CompletableFuture<String> err = CompletableFuture.supplyAsync(() -> read(process.errorReader()));
        String out = read(process.inputReader(StandardCharsets.UTF_8));
        if (!process.waitFor(Polling.LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("the command does not end");
        }
        return new CommandRun(process.exitValue(), out, err.join());
    }

    private static String read(BufferedReader reader) {
        StringBuilder text = new StringBuilder();
        reader.lines().forEach(line -> text.append(line).append('\n'));
        return text.toString();
    }
}
