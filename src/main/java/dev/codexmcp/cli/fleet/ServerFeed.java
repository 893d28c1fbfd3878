package dev.codexmcp.cli.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The jobs of one server. A thread asks it for changes until it ends or no longer answers. */
final class ServerFeed implements AutoCloseable {
    /** How long a server that did not answer is left alone, in nanoseconds. */
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** A server with many changes is asked less often: a row costs it about 20 µs. */
    private static final long ROWS_PER_MILLI = 3;

    /** How many answers may be followed by more and yet bring no job that is new. */
    private static final int MOST_FRUITLESS = 100;

    private static final Duration LONG = Duration.ofMinutes(2);

    private final Path socket;
    private final LongSupplier interval;
    private final Duration patience;
    private final AtomicLong changes;
    private final Map<String, JobRow> jobs = new ConcurrentHashMap<>();
    private final CountDownLatch first = new CountDownLatch(1);
    private volatile @Nullable ServerLink link;

    /** For requests that must not wait behind those for jobs. Guarded by {@code this}. */
    private @Nullable ServerLink second;

    private volatile @Nullable String problem;
    private volatile long failedAt;
    private volatile boolean ended;
    private volatile boolean closed;

    private ServerFeed(Path socket, LongSupplier interval, Duration patience, AtomicLong changes) {
        this.socket = socket;
        this.interval = interval;
        this.patience = patience;
        this.changes = changes;
    }

    static ServerFeed start(Path socket, LongSupplier interval, Duration patience, AtomicLong changes) {
        ServerFeed feed = new ServerFeed(socket, interval, patience, changes);
        Thread thread = new Thread(feed::run, "server-" + socket.getFileName());
        thread.setDaemon(true);
        thread.start();
        return feed;
    }

    private void run() {
        try (ServerLink opened = ServerLink.open(socket, patience)) {
            link = opened;
            int fruitless = 0;
            while (!closed) {
                JsonNode answer = opened.ask(LiveFleet.request("jobs"));
                int known = jobs.size();
                take(answer);
                fruitless = answer.path("more").asBoolean() && jobs.size() == known ? fruitless + 1 : 0;
                if (fruitless > MOST_FRUITLESS) {
                    throw new ServerProblem("the server's answers do not come to an end");
                }
                if (!answer.path("more").asBoolean()) {
                    first.countDown();
                    Thread.sleep(
                            Math.max(interval.getAsLong(), answer.path("jobs").size() / ROWS_PER_MILLI));
                }
            }
        } catch (ServerProblem e) {
            problem = socket.getFileName() + ": " + e.getMessage();
            failedAt = System.nanoTime();
        } catch (IOException e) {
            ended = true; // or it never was: a killed server leaves its socket
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            link = null;
            close();
            jobs.clear();
            changes.incrementAndGet();
            first.countDown();
        }
    }

    private void take(JsonNode answer) throws IOException {
        if (answer.has("error")) {
            throw new ServerProblem(answer.path("error").asText());
        }
        ServerLink from = link;
        for (JsonNode job : answer.path("jobs")) {
            if (from != null
                    && job instanceof ObjectNode row
                    && !row.path("jobId").asText().isEmpty()) {
                JobRow next = new JobRow(from.server(), row, changes.incrementAndGet());
                jobs.put(next.id(), next);
            }
        }
        for (JsonNode id : answer.path("gone")) {
            jobs.remove(id.asText());
            changes.incrementAndGet();
        }
    }

    /** Waits for the first answer, or for its failure. */
    void awaitFirst() throws InterruptedException {
        first.await();
    }

    /** Empty if it does not answer. */
    Optional<ServerInfo> server() {
        return Optional.ofNullable(link).map(ServerLink::server);
    }

    Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    boolean isGone() {
        return ended;
    }

    boolean mayBeTriedAgain() {
        return problem != null && System.nanoTime() - failedAt > RETRY_NANOS;
    }

    Collection<JobRow> jobs() {
        return List.copyOf(jobs.values());
    }

    Optional<JobRow> find(String jobId) {
        return Optional.ofNullable(jobs.get(jobId));
    }

    JsonNode ask(ObjectNode request) throws IOException {
        ServerLink open;
        synchronized (this) {
            if (link == null || closed) {
                throw new IOException("the server has ended");
            }
            if (second == null) {
                second = ServerLink.open(socket, patience);
            }
            open = second;
        }
        try {
            return open.ask(request);
        } catch (IOException e) {
            synchronized (this) {
                open.close();
                second = second == open ? null : second;
            }
            throw e;
        }
    }

    /** Sends a request whose answer may take long, on its own connection. */
    JsonNode askSlowly(ObjectNode request) throws IOException {
        try (ServerLink own = ServerLink.open(socket, LONG)) {
            return own.ask(request);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (second != null) {
            second.close();
        }
        ServerLink open = link;
        if (open != null) {
            open.close();
        }
    }
}
