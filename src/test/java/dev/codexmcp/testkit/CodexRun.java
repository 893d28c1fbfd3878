package dev.codexmcp.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One run of a CLI from beginning to end, without any server: what a person sees who types {@code codex exec --json}.
 *
 * @param events the lines of standard output, parsed
 */
public record CodexRun(int exitCode, List<JsonNode> events, String stderr) {

    /** Runs {@code codex exec --json} with these options in a directory, and waits for its end. */
    public static CodexRun exec(
            Path codex, Map<String, String> environment, Path directory, String prompt, String... options) {
        return exec(Polling.LIMIT, codex, environment, directory, prompt, options);
    }

    /** The same with a limit of its own. */
    public static CodexRun exec(
            Duration limit,
            Path codex,
            Map<String, String> environment,
            Path directory,
            String prompt,
            String... options) {
        List<String> command = new ArrayList<>(List.of(codex.toString(), "exec", "--json", "--skip-git-repo-check"));
        command.addAll(List.of(options));
        command.addAll(List.of("--", prompt));
        try {
            Path stdout = Files.createTempFile("codex-run", ".jsonl");
            Path stderr = Files.createTempFile("codex-run", ".log");
            try {
                ProcessBuilder builder = new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectInput(new File("/dev/null"))
                        .redirectOutput(stdout.toFile())
                        .redirectError(stderr.toFile());
                builder.environment().putAll(environment);
                int exitCode = await(builder.start(), limit, stderr);
                List<JsonNode> events =
                        Files.readAllLines(stdout).stream().map(TestJson::parse).toList();
                return new CodexRun(exitCode, events, Files.readString(stderr));
            } finally {
                Files.delete(stdout);
                Files.delete(stderr);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + command.get(0), e);
        }
    }

    private static int await(Process process, Duration limit, Path stderr) throws IOException {
        try {
            if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("the CLI does not end; it says: " + Files.readString(stderr));
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while the CLI ran", e);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    /** The completed items of a type, as {@code item} objects. */
    public List<JsonNode> completed(String itemType) {
        return events.stream()
                .filter(event -> event.path("type").asText().equals("item.completed"))
                .map(event -> event.path("item"))
                .filter(item -> item.path("type").asText().equals(itemType))
                .toList();
    }

    /** The types of the events, items with theirs: {@code turn.started}, {@code item.completed agent_message}. */
    public List<String> kinds() {
        return events.stream()
                .map(event -> (event.path("type").asText() + " "
                                + event.path("item").path("type").asText())
                        .strip())
                .toList();
    }
}
