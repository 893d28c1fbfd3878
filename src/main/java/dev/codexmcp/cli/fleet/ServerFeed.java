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
import org.jspecify.annotations.Nullable;

/** The jobs of one server. A thread asks it for changes until it ends or no longer answers. */
final class ServerFeed implements AutoCloseable {
    /** How long a server that did not answer is left alone, in nanoseconds. */
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Path socket;
    private final long interval;
    private final Duration patience;
    private final AtomicLong changes;
    private final Map<String, JobRow> jobs = new ConcurrentHashMap<>();
    private final CountDownLatch first = new CountDownLatch(1);
    private volatile @Nullable ServerLink link;
    private volatile @Nullable String problem;
    private volatile long failedAt;
    private volatile boolean ended;
    private volatile boolean closed;

    private ServerFeed(Path socket, long interval, Duration patience, AtomicLong changes) {
        this.socket = socket;
        this.interval = interval;
        this.patience = patience;
        this.changes = changes;
    }

    static ServerFeed start(Path socket, long interval, Duration patience, AtomicLong changes) {
        ServerFeed feed = new ServerFeed(socket, interval, patience, changes);
        Thread thread = new Thread(feed::run, "server-" + socket.getFileName());
        thread.setDaemon(true);
        thread.start();
        return feed;
    }

    private void run() {
        try (ServerLink opened = ServerLink.open(socket, patience)) {
            link = opened;
            while (!closed) {
                if (!take(opened.ask(LiveFleet.request("jobs")))) {
                    first.countDown();
                    Thread.sleep(interval);
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
            jobs.clear();
            changes.incrementAndGet();
            first.countDown();
        }
    }

    /** Takes an answer in. Returns whether there is more. */
    private boolean take(JsonNode answer) throws IOException {
        if (answer.has("error")) {
            throw new ServerProblem(answer.path("error").asText());
        }
        ServerLink from = link;
        for (JsonNode job : answer.path("jobs")) {
            if (from != null && job instanceof ObjectNode row) {
                JobRow next = new JobRow(from.server(), row, changes.incrementAndGet());
                jobs.put(next.id(), next);
            }
        }
        for (JsonNode id : answer.path("gone")) {
            jobs.remove(id.asText());
            changes.incrementAndGet();
        }
        return answer.path("more").asBoolean();
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
        ServerLink open = link;
        if (open == null) {
            throw new IOException("the server has ended");
        }
        return open.ask(request);
    }

    @Override
    public void close() {
        closed = true;
        ServerLink open = link;
        if (open != null) {
            open.close();
        }
    }
}
