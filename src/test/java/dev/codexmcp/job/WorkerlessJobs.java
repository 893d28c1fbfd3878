package dev.codexmcp.job;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.codexmcp.codex.CodexCommand;
import dev.codexmcp.codex.Sandbox;
import dev.codexmcp.codex.WorkerOptions;
import dev.codexmcp.job.log.FakeLogs;
import dev.codexmcp.worker.ExitStatus;
import java.util.Map;
import java.util.Optional;

/** Jobs without a process; the tests supply what their workers print. */
final class WorkerlessJobs {
    static final ExitStatus EXIT_0 = new ExitStatus(0, null);
    static final ExitStatus EXIT_1 = new ExitStatus(1, null);
    static final ExitStatus SIGTERM = new ExitStatus(null, "SIGTERM");

    static final JobSpec SPEC = spec(Optional.empty());

    private WorkerlessJobs() {}

    static JobSpec spec(Optional<String> label) {
        CodexCommand command = CodexCommand.exec("do it", WorkerOptions.NONE, Sandbox.READ_ONLY);
        return new JobSpec(command, WorkerOptions.NONE, Sandbox.READ_ONLY, label, Map.of());
    }

    static Job queued() {
        return queued(Optional.empty());
    }

    private static Job queued(Optional<String> label) {
        return new Job("job-1", spec(label), new EndSteps(Job::notifyListeners));
    }

    static Job running() {
        return running(Optional.empty());
    }

    static Job running(Optional<String> label) {
        Job job = queued(label);
        job.starting("/bin/codex", 1767773350050L);
        job.started(force -> {}, 1);
        return job;
    }

    /** A job whose worker printed this and exited with code 0. */
    static Job done(String output) {
        Job job = running();
        say(job, output);
        job.exited(EXIT_0);
        return job;
    }

    static void say(Job job, String output) {
        FakeLogs.say(job.output().events(), output.getBytes(UTF_8));
    }

    static String message(String text) {
        return FakeLogs.message(text);
    }

    static String error(String text) {
        return FakeLogs.error(text);
    }
}
