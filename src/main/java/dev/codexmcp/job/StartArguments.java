package dev.codexmcp.job;

import dev.codexmcp.codex.CodexProgram;
import dev.codexmcp.codex.ExtraOptions;
import dev.codexmcp.codex.McpServerList;
import dev.codexmcp.codex.SchemaFiles;
import dev.codexmcp.codex.schema.OutputSchema;
import dev.codexmcp.worker.ExitStatus;
import dev.codexmcp.worker.RandomId;
import dev.codexmcp.worker.StartException;
import dev.codexmcp.worker.TailBuffer;
import dev.codexmcp.worker.Worker;
import dev.codexmcp.worker.WorkerCommand;
import dev.codexmcp.worker.WorkerEnd;
import dev.codexmcp.worker.WorkerLauncher;
import dev.codexmcp.worker.WorkerListener;
import dev.codexmcp.worker.WorkerPlace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The options of a worker's command line that are known only when it starts. May block if such an option is used. */
final class StartArguments {
    private static final long LIST_SECONDS = 20;

    /** The longest list of MCP servers that is read, in bytes. */
    private static final int LIST_BYTES = 4 * 1024 * 1024;

    private final WorkerLauncher launcher;
    private final Path stateFolder;

    /** @param stateFolder where the server may keep files; created when needed */
    StartArguments(WorkerLauncher launcher, Path stateFolder) {
        this.launcher = launcher;
        this.stateFolder = stateFolder;
    }

    /**
     * The options that this worker needs.
     *
     * @throws StartException if one can't be determined; the message says why
     */
    List<String> of(JobSpec spec, CodexProgram program) throws StartException {
        ExtraOptions extra = spec.options().extra();
        Optional<OutputSchema> schema = extra.outputSchema().filter(each -> !each.isEmpty());
        boolean withoutServers = extra.withoutMcpServers().orElse(false);
        if (schema.isEmpty() && !withoutServers) {
            return List.of();
        }
        List<String> arguments = new ArrayList<>();
        if (schema.isPresent()) {
            arguments.add("--output-schema=" + file(schema.get()));
        }
        if (withoutServers) {
            arguments.addAll(turnOffServers(spec, program));
        }
        return arguments;
    }

    private Path file(OutputSchema schema) throws StartException {
        Path folder = stateFolder.resolve("schemas");
        try {
            return new SchemaFiles(folder).file(schema);
        } catch (IOException | UnsupportedOperationException e) {
            throw new StartException("the outputSchema can't be written to " + folder + ": " + e, e);
        }
    }

    private List<String> turnOffServers(JobSpec spec, CodexProgram program) throws StartException {
        Path directory = Path.of(spec.options().workingDirectory().orElse("")).toAbsolutePath();
        // The CLI lists the servers of the project in which it runs, and has no option for that.
        List<String> arguments = new ArrayList<>(
                List.of("-c", "cd \"$1\" && shift && exec \"$@\"", "sh", directory.toString(), program.path()));
        arguments.addAll(McpServerList.arguments(spec.options().extra()));
        Map<String, String> environment = new HashMap<>(program.environment());
        environment.putAll(spec.environment());
        WorkerCommand command = new WorkerCommand(
                RandomId.next(), "/bin/sh", arguments, program.unset(), environment, null, WorkerPlace.HERE);
        TailBuffer stdout = new TailBuffer(LIST_BYTES);
        TailBuffer stderr = new TailBuffer(LIST_BYTES);
        ExitStatus exit = run(command, stdout, stderr);
        Optional<List<String>> off = McpServerList.turnOff(stdout.text());
        if (off.isEmpty() || !Integer.valueOf(0).equals(exit.code())) {
            throw new StartException(
                    "the Codex CLI can't list its MCP servers, so they can't be turned off: " + exit.describe() + " "
                            + stderr.text().strip(),
                    new IOException(stdout.text()));
        }
        return off.get();
    }

    private ExitStatus run(WorkerCommand command, TailBuffer stdout, TailBuffer stderr) throws StartException {
        CompletableFuture<ExitStatus> end = new CompletableFuture<>();
        Worker worker = launcher.start(command, stdout, stderr, new WorkerListener() {
            @Override
            public void running(Optional<String> host) {}

            @Override
            public void ended(WorkerEnd how) {
                end.complete(how instanceof ExitStatus status ? status : ExitStatus.of(1));
            }
        });
        try {
            return end.get(LIST_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new StartException(
                    "the Codex CLI has not listed its MCP servers within " + LIST_SECONDS + " seconds", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartException("the start was interrupted", e);
        } finally {
            worker.end(true);
        }
    }
}
