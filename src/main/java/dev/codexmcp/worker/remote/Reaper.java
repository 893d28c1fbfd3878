package dev.codexmcp.worker.remote;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends workers by their names in the engine: as many as possible at once, one attempt after another, until the engine knows of none.
 * {@code this} guards the requests.
 */
final class Reaper {
    private static final int ATTEMPT_SECONDS = 40;
    private static final int RETRY_SECONDS = 3;

    /** With the pauses, at least ten minutes: a controller that is being restarted is back by then. */
    private static final int ATTEMPTS = 200;

    /** A failure is logged once in this many attempts. */
    private static final int LOGGED = 20;

    /** The names of more might not fit an argument, which holds 128 KiB. */
    private static final int AT_ONCE = 500;

    private static final Logger log = LoggerFactory.getLogger(Reaper.class);

    private final Engine engine;
    private final Executor threads;
    private final ScheduledExecutorService timer;
    private final Consumer<RemoteJob> onReaped;
    private final List<Request> requests = new ArrayList<>();
    private boolean busy;

    private record Request(RemoteJob job, Consumer<Boolean> attempted, int attempt) {}

    /** @param onReaped called once the engine knows of a worker no more */
    Reaper(Engine engine, Executor threads, ScheduledExecutorService timer, Consumer<RemoteJob> onReaped) {
        this.engine = engine;
        this.threads = threads;
        this.timer = timer;
        this.onReaped = onReaped;
    }

    /** @param attempted told after the first attempt whether nothing is left */
    void reap(List<RemoteJob> jobs, Consumer<Boolean> attempted) {
        add(jobs.stream().map(job -> new Request(job, attempted, 1)).toList());
    }

    private void add(List<Request> more) {
        synchronized (this) {
            requests.addAll(more);
            if (busy) {
                return;
            }
            busy = true;
        }
        threads.execute(this::run);
    }

    private synchronized List<Request> take() {
        List<Request> first = requests.subList(0, Math.min(requests.size(), AT_ONCE));
        List<Request> taken = List.copyOf(first);
        first.clear();
        busy = !taken.isEmpty();
        return taken;
    }

    private void run() {
        for (List<Request> batch = take(); !batch.isEmpty(); batch = take()) {
            List<String> codes = engine.reap(batch.stream().map(Request::job).toList());
            if (codes.size() == 1) {
                attempt(codes.get(0), batch);
            } else {
                for (int i = 0; i < codes.size(); i++) {
                    attempt(codes.get(i), List.of(batch.get(i)));
                }
            }
        }
    }

    private void attempt(String code, List<Request> batch) {
        EngineCommand.Result result =
                EngineCommand.run(List.of("/bin/sh", "-c", code, "codex-mcp-reap"), ATTEMPT_SECONDS, timer);
        if (!result.succeeded() && batch.get(0).attempt() % LOGGED == 1) {
            log.warn(
                    "{} could not end {} worker(s), attempt {}: {}",
                    engine.title(),
                    batch.size(),
                    batch.get(0).attempt(),
                    EngineWords.last(result.output()));
        }
        List<Request> again = new ArrayList<>();
        for (Request request : batch) {
            if (result.succeeded()) {
                onReaped.accept(request.job());
            } else if (request.attempt() < ATTEMPTS) {
                again.add(new Request(request.job(), ignored -> {}, request.attempt() + 1));
            }
            request.attempted().accept(result.succeeded());
        }
        if (!again.isEmpty()) {
            timer.schedule(() -> add(again), RETRY_SECONDS, TimeUnit.SECONDS);
        }
    }
}
