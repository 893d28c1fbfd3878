package dev.codexmcp.job;

import dev.codexmcp.job.log.FakeLogs;
import dev.codexmcp.worker.Cookie;
import dev.codexmcp.worker.ExitStatus;
import dev.codexmcp.worker.OutputSink;
import dev.codexmcp.worker.StartException;
import dev.codexmcp.worker.Worker;
import dev.codexmcp.worker.WorkerCommand;
import dev.codexmcp.worker.WorkerLauncher;
import dev.codexmcp.worker.WorkerListener;
import dev.codexmcp.worker.WorkerPlace;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Starts workers without processes. The first argument of a worker, a {@link Start}, says how its start goes. */
class FakeLauncher implements WorkerLauncher {
    /** The outcome of a start. */
    enum Start {
        WELL,
        ENDS_AT_ONCE,
        REFUSED,
        RUNTIME_EXCEPTION,
        OUT_OF_MEMORY
    }

    /** All workers ever started. */
    final Queue<FakeWorker> workers = new ConcurrentLinkedQueue<>();

    /** A worker that ends when asked to, or when the test calls {@link #exit}. */
    static final class FakeWorker implements Worker {
        final OutputSink stdout;
        private final Consumer<ExitStatus> onEnd;
        private final AtomicBoolean ended = new AtomicBoolean();

        private FakeWorker(OutputSink stdout, Consumer<ExitStatus> onEnd) {
            this.stdout = stdout;
            this.onEnd = onEnd;
        }

        boolean ended() {
            return ended.get();
        }

        /** Reports the exit once, as for a process. */
        void exit(ExitStatus how) {
            if (!ended.getAndSet(true)) {
                onEnd.accept(how);
            }
        }

        /** The same after it has printed this, unless it has ended. */
        void exit(String output, int code) {
            if (!ended.getAndSet(true)) {
                FakeLogs.say(stdout, output.getBytes(StandardCharsets.UTF_8));
                onEnd.accept(new ExitStatus(code, null));
            }
        }

        @Override
        public void end(boolean force) {
            exit(new ExitStatus(null, force ? "SIGKILL" : "SIGTERM"));
        }
    }

    @Override
    public Cookie cookie(String name, WorkerPlace place) {
        return new Cookie("CODEX_MCP_JOB", "server/" + name);
    }

    @Override
    public void prepare() {}

    @Override
    public Worker start(WorkerCommand command, OutputSink stdout, OutputSink stderr, WorkerListener listener)
            throws StartException {
        FakeWorker worker = new FakeWorker(stdout, listener::ended);
        switch (Start.valueOf(command.arguments().get(0))) {
            case WELL -> {}
            case ENDS_AT_ONCE -> {
                FakeLogs.say(stdout, FakeLogs.message("hi").getBytes(StandardCharsets.UTF_8));
                worker.exit(WorkerlessJobs.EXIT_0);
            }
            case REFUSED -> throw new StartException("refused", new java.io.IOException());
            case RUNTIME_EXCEPTION -> throw new IllegalStateException("a defect");
            case OUT_OF_MEMORY -> throw new OutOfMemoryError("a full heap");
        }
        workers.add(worker);
        return worker;
    }

    @Override
    public Worker rehearse(WorkerCommand command, OutputSink stdout, OutputSink stderr, Consumer<ExitStatus> onEnd) {
        throw new IllegalStateException("rehearsals are not supported");
    }

    @Override
    public void close() {}

    static JobSpec spec(Start start) {
        return ShellJobs.spec(start.name());
    }

    List<FakeWorker> running() {
        return workers.stream().filter(worker -> !worker.ended()).toList();
    }
}
