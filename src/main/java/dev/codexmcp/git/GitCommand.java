package dev.codexmcp.git;

import dev.codexmcp.git.GitException.Problem;
import dev.codexmcp.worker.ProcessStarter;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One run of git, with limits on time and output. Its streams are files, so it needs no thread and never blocks on a
 * pipe. The files are deleted when the run has been awaited.
 */
final class GitCommand {
    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final long MOST_OUTPUT = 64L * 1024 * 1024;
    private static final int MOST_ERRORS = 2000;

    /** A disk with fewer bytes left is full. */
    private static final long FULL = 64 * 1024;

    /** How often the output's size is checked. */
    private static final long LOOK_MS = 250;

    private final GitProgram program;
    private final Path directory;
    private final Settings settings;
    private final List<String> arguments;
    private final Duration timeout;
    private final long mostOutput;
    private final Set<Integer> success;
    private final byte @Nullable [] input;

    GitCommand(GitProgram program, Path directory, Settings settings, List<String> arguments) {
        this(program, directory, settings, arguments, TIMEOUT, MOST_OUTPUT, Set.of(0), null);
    }

    private GitCommand(
            GitProgram program,
            Path directory,
            Settings settings,
            List<String> arguments,
            Duration timeout,
            long mostOutput,
            Set<Integer> success,
            byte @Nullable [] input) {
        this.program = program;
        this.directory = directory;
        this.settings = settings;
        this.arguments = arguments;
        this.timeout = timeout;
        this.mostOutput = mostOutput;
        this.success = success;
        this.input = input;
    }

    /** Sets stdin, which is empty by default. */
    GitCommand input(byte[] bytes) {
        return new GitCommand(program, directory, settings, arguments, timeout, mostOutput, success, bytes);
    }

    GitCommand timeout(Duration longest) {
        return new GitCommand(program, directory, settings, arguments, longest, mostOutput, success, input);
    }

    GitCommand mostOutput(long bytes) {
        return new GitCommand(program, directory, settings, arguments, timeout, bytes, success, input);
    }

    /** Sets the exit codes that mean success; by default only 0. */
    GitCommand success(Integer... codes) {
        return new GitCommand(program, directory, settings, arguments, timeout, mostOutput, Set.of(codes), input);
    }

    /** Runs git and waits for it. */
    GitOutput run() throws GitException {
        return start().await();
    }

    /** Runs git and waits for it, with its stdout in a new file; returns no output. */
    void runInto(Path file) throws GitException {
        start(file).await();
    }

    /** Starts git; the caller must await its output. */
    Running start() throws GitException {
        return start(null);
    }

    private Running start(@Nullable Path file) throws GitException {
        List<String> line = new ArrayList<>(List.of(program.executable().toString(), "--no-pager"));
        line.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(line).directory(directory.toFile());
        builder.environment().clear();
        builder.environment().putAll(program.environment());
        settings.guarded(program.noHooks().toString()).addTo(builder.environment());
        Streams streams = null;
        try {
            streams = Streams.open(program.scratch(), input, file);
            builder.redirectInput(streams.in)
                    .redirectOutput(streams.out.toFile())
                    .redirectError(streams.err.toFile());
            Running run = new Running(ProcessStarter.start(builder), streams, System.nanoTime());
            program.started(run);
            return run;
        } catch (IOException e) {
            if (streams != null) {
                streams.close();
            }
            throw new GitException(Problem.MISSING, program.executable() + " can't be started: " + e.getMessage());
        }
    }

    /** A running git. */
    final class Running {
        private final Process process;
        private final Streams streams;
        private final long started;

        private Running(Process process, Streams streams, long started) {
            this.process = process;
            this.streams = streams;
            this.started = started;
        }

        /** Waits for git to exit; throws if it failed. */
        GitOutput await() throws GitException {
            try {
                awaitExit();
                if (Files.size(streams.out) > mostOutput) {
                    throw problem(Problem.TOO_MUCH_OUTPUT, "printed more than " + mostOutput + " bytes");
                }
                String errors = streams.errors();
                if (!success.contains(process.exitValue())) {
                    boolean notOwned = errors.contains("dubious ownership");
                    throw problem(
                            notOwned ? Problem.NOT_OWNED : Problem.FAILED,
                            "ended with " + process.exitValue() + ": " + reason(errors));
                }
                byte[] bytes = streams.keepOutput ? new byte[0] : Files.readAllBytes(streams.out);
                return new GitOutput(process.exitValue(), bytes, errors);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw problem(Problem.INTERRUPTED, "was interrupted");
            } catch (GitException e) {
                throw e;
            } catch (IOException e) {
                throw problem(Problem.FAILED, "left no readable output: " + e.getMessage());
            } finally {
                program.ended(this);
                kill();
                streams.close();
            }
        }

        private void awaitExit() throws IOException, InterruptedException {
            while (!process.waitFor(LOOK_MS, TimeUnit.MILLISECONDS)) {
                if (Files.size(streams.out) > mostOutput) {
                    throw problem(Problem.TOO_MUCH_OUTPUT, "printed more than " + mostOutput + " bytes");
                }
                if (System.nanoTime() - started > timeout.toNanos()) {
                    throw problem(Problem.TIMED_OUT, "did not end within " + timeout.toMillis() + " ms");
                }
            }
        }

        /** Kills git with its children, if it still runs. */
        void kill() {
            if (process.isAlive()) {
                List<ProcessHandle> below = process.descendants().toList();
                process.destroyForcibly();
                below.forEach(ProcessHandle::destroyForcibly);
            }
        }

        /** What git said. On a full disk its words are lost. */
        private String reason(String errors) throws IOException {
            return errors.isBlank() && Files.getFileStore(program.scratch()).getUsableSpace() < FULL
                    ? "the disk of " + program.scratch() + " is full"
                    : errors.strip();
        }

        private GitException problem(Problem problem, String words) {
            return new GitException(problem, "git " + arguments.get(0) + " " + words);
        }
    }

    /** The files that a process reads and writes. */
    private record Streams(File in, Path out, Path err, boolean ownInput, boolean keepOutput) {
        static Streams open(Path folder, byte @Nullable [] input, @Nullable Path output) throws IOException {
            File in = ProcessStarter.NULL_DEVICE;
            if (input != null) {
                Path file = Files.createTempFile(folder, "git", ".in");
                Files.write(file, input);
                in = file.toFile();
            }
            Path out = output == null ? Files.createTempFile(folder, "git", ".out") : Files.createFile(output);
            return new Streams(in, out, Files.createTempFile(folder, "git", ".err"), input != null, output != null);
        }

        String errors() throws IOException {
            try (InputStream stream = Files.newInputStream(err)) {
                return new String(stream.readNBytes(MOST_ERRORS), StandardCharsets.UTF_8);
            }
        }

        void close() {
            try {
                if (!keepOutput) {
                    Files.deleteIfExists(out);
                }
                Files.deleteIfExists(err);
                if (ownInput) {
                    Files.deleteIfExists(in.toPath());
                }
            } catch (IOException e) {
                // The folder is deleted as a whole later.
            }
        }
    }
}
