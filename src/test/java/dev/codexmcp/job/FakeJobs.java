package dev.codexmcp.job;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.codexmcp.codex.CodexCommand;
import dev.codexmcp.codex.Sandbox;
import dev.codexmcp.codex.WorkerOptions;
import dev.codexmcp.worker.ExitStatus;
import dev.codexmcp.worker.OutputSink;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;

/** Jobs without a process: what their worker says is put into their mouth. */
final class FakeJobs {
    static final ExitStatus EXIT_0 = new ExitStatus(0, null);
    static final ExitStatus EXIT_1 = new ExitStatus(1, null);
    static final ExitStatus SIGTERM = new ExitStatus(null, "SIGTERM");

    private FakeJobs() {}

    static Job running() {
        return running(Optional.empty());
    }

    static Job running(Optional<String> label) {
        CodexCommand command = CodexCommand.exec("do it", WorkerOptions.NONE, Sandbox.READ_ONLY);
        JobSpec spec = new JobSpec(command, "do it", WorkerOptions.NONE, Sandbox.READ_ONLY, label, Map.of());
        return new Job("job-1", spec, "/bin/codex", 1767773350050L);
    }

    /** A job that has said this and then exited with 0. */
    static Job done(String output) {
        Job job = running();
        say(job, output);
        job.end(EXIT_0);
        return job;
    }

    static void say(Job job, String output) {
        say(job.log(), output.getBytes(UTF_8));
    }

    static void say(OutputSink intake, byte[] output) {
        int from = 0;
        while (from < output.length) {
            ByteBuffer room = intake.room();
            int count = Math.min(room.remaining(), output.length - from);
            System.arraycopy(output, from, room.array(), room.arrayOffset() + room.position(), count);
            intake.filled(count);
            from += count;
        }
    }

    static String message(String text) {
        return "{\"type\":\"item.completed\",\"item\":{\"id\":\"i\",\"type\":\"agent_message\",\"text\":\"" + text
                + "\"}}\n";
    }

    static String error(String text) {
        return "{\"type\":\"error\",\"message\":\"" + text + "\"}\n";
    }
}
