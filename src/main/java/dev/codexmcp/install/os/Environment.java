package dev.codexmcp.install.os;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The user's environment.
 *
 * @param variables the environment variables
 * @param folder the working directory
 */
public record Environment(Map<String, String> variables, Path folder) {
    public Environment {
        variables = Map.copyOf(variables);
    }

    public static Environment ofProcess() {
        return new Environment(System.getenv(), Path.of("").toAbsolutePath());
    }

    /** The value of a variable without surrounding white space; empty if unset or blank. */
    public Optional<String> variable(String name) {
        return Optional.ofNullable(variables.get(name)).map(String::strip).filter(value -> !value.isEmpty());
    }

    public Optional<Path> path(String name) {
        return variable(name).map(Path::of);
    }

    public Path home() {
        return path("HOME").orElseGet(() -> Path.of(Objects.requireNonNull(System.getProperty("user.home"))));
    }

    public boolean isMac() {
        return System.getProperty("os.name", "").startsWith("Mac");
    }

    /** The program that this name refers to on {@code PATH}. */
    public Optional<Path> program(String name) {
        return Arrays.stream(variables.getOrDefault("PATH", "").split(File.pathSeparator))
                .flatMap(entry -> candidate(entry, name).stream())
                .filter(Environment::isProgram)
                .findFirst();
    }

    private static Optional<Path> candidate(String entry, String name) {
        try {
            return Optional.of(Path.of(entry.isEmpty() ? "." : entry, name));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    public static boolean isProgram(Path file) {
        return Files.isExecutable(file) && !Files.isDirectory(file);
    }

    /** This environment without one variable. */
    public Environment without(String name) {
        Map<String, String> rest = new HashMap<>(variables);
        rest.remove(name);
        return new Environment(rest, folder);
    }
}
