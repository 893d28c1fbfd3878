package dev.codexmcp.worker.remote;

import dev.codexmcp.worker.Cookie;
import dev.codexmcp.worker.ExitStatus;
import dev.codexmcp.worker.LauncherException;
import dev.codexmcp.worker.LocalLauncher;
import dev.codexmcp.worker.OutputSink;
import dev.codexmcp.worker.Worker;
import dev.codexmcp.worker.WorkerCommand;
import dev.codexmcp.worker.WorkerLauncher;
import dev.codexmcp.worker.WorkerListener;
import dev.codexmcp.worker.WorkerPlace;
import java.util.function.Consumer;

/** Starts nothing, because the user's setting makes no sense. */
record RefusingLauncher(String reason) implements WorkerLauncher {
    @Override
    public void prepare() {
        // nothing to prepare
    }

    @Override
    public Cookie cookie(String name, WorkerPlace place) {
        return new Cookie(LocalLauncher.COOKIE, "none/" + name);
    }

    @Override
    public Worker start(WorkerCommand command, OutputSink stdout, OutputSink stderr, WorkerListener listener)
            throws LauncherException {
        throw new LauncherException(reason);
    }

    @Override
    public Worker rehearse(WorkerCommand command, OutputSink stdout, OutputSink stderr, Consumer<ExitStatus> onEnd) {
        throw new UnsupportedOperationException("rehearsals are local");
    }

    @Override
    public void close() {
        // nothing was started
    }
}
