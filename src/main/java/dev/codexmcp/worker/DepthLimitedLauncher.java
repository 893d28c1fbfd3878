package dev.codexmcp.worker;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/** Starts no workers in a server that runs within too many others. The depth is found out at the first start. Thread-safe. */
public final class DepthLimitedLauncher implements WorkerLauncher {
    private final WorkerLauncher launcher;
    private final int limit;
    private final IntSupplier count;
    private OptionalInt depth = OptionalInt.empty();

    /**
     * @param launcher starts the workers of servers that are not too deep
     * @param limit the depth from which on there are no workers
     * @param environment of this process
     */
    public DepthLimitedLauncher(WorkerLauncher launcher, int limit, Map<String, String> environment) {
        this(launcher, limit, () -> ServerDepth.of(LocalLauncher.COOKIE, environment, ProcessHandle.current()));
    }

    DepthLimitedLauncher(WorkerLauncher launcher, int limit, IntSupplier count) {
        this.launcher = launcher;
        this.limit = limit;
        this.count = count;
    }

    private synchronized int depth() {
        if (depth.isEmpty()) {
            depth = OptionalInt.of(count.getAsInt());
        }
        return depth.getAsInt();
    }

    @Override
    public void prepare() throws StartException {
        launcher.prepare();
    }

    @Override
    public List<String> names() {
        return launcher.names();
    }

    @Override
    public boolean runsHere(Optional<String> name) {
        return launcher.runsHere(name);
    }

    @Override
    public Cookie cookie(String name, WorkerPlace place) {
        return launcher.cookie(name, place);
    }

    @Override
    public Worker start(WorkerCommand command, OutputSink stdout, OutputSink stderr, WorkerListener listener)
            throws StartException {
        int found = depth();
        if (found >= limit) {
            throw new TooDeepException(found, limit);
        }
        return launcher.start(command, stdout, stderr, listener);
    }

    @Override
    public Worker rehearse(WorkerCommand command, OutputSink stdout, OutputSink stderr, Consumer<ExitStatus> onEnd)
            throws StartException {
        return launcher.rehearse(command, stdout, stderr, onEnd);
    }

    @Override
    public void close() {
        launcher.close();
    }
}
