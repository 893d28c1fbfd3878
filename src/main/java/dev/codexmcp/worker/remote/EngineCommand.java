package dev.codexmcp.worker.remote;

import dev.codexmcp.worker.ProcessStarter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Runs short commands of an engine. */
final class EngineCommand {
    private static final int MOST_OUTPUT = 1024 * 1024;

    private EngineCommand() {}

    /**
     * What a command came to.
     *
     * @param succeeded whether it returned 0 in time
     * @param output of both streams, at most 1 MiB
     */
    record Result(boolean succeeded, String output) {}

    /** Runs a command and waits for its end. After {@code seconds} it is killed. */
    static Result run(List<String> command, int seconds, ScheduledExecutorService timer) {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectInput(ProcessStarter.NULL_DEVICE);
        Process process;
        try {
            process = ProcessStarter.start(builder);
        } catch (IOException e) {
            return new Result(false, String.valueOf(e.getMessage()));
        }
        ScheduledFuture<?> limit = timer.schedule(() -> kill(process), seconds, TimeUnit.SECONDS);
        try (InputStream in = process.getInputStream()) {
            byte[] output = in.readNBytes(MOST_OUTPUT);
            in.skip(Long.MAX_VALUE);
            boolean zero = process.waitFor() == 0;
            String text = new String(output, StandardCharsets.UTF_8);
            return limit.cancel(false)
                    ? new Result(zero, text)
                    : new Result(false, text + "\nno end after " + seconds + " s");
        } catch (IOException e) {
            kill(process);
            return new Result(false, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            kill(process);
            return new Result(false, "interrupted");
        }
    }

    private static void kill(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.toHandle().destroyForcibly();
    }
}
