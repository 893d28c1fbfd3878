package dev.codexmcp.cli.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codexmcp.control.SocketFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The jobs of all servers of this user, kept up to date: one thread looks for servers, and one per server requests changes. Thread-safe.
 */
public final class LiveFleet implements AutoCloseable {
    private static final long LOOK_MILLIS = 1000;
    private static final long UNWATCHED_MILLIS = 1000;

    private final Set<Path> folders;
    private final Duration patience;
    private final long interval;
    private final Map<Path, ServerFeed> feeds = new ConcurrentHashMap<>();

    /** The number of the last change: of a job, or because a job or server has disappeared. */
    private final AtomicLong changes = new AtomicLong();

    /** How many pages or screens show the jobs. */
    private final AtomicInteger watchers = new AtomicInteger();

    private volatile boolean closed;

    /**
     * Starts looking for servers. Returns when each server that is running now has answered or timed out.
     *
     * @param interval how often to ask for changes
     * @param patience how long a server may take for an answer
     */
    public static LiveFleet open(Map<String, String> environment, Duration interval, Duration patience)
            throws InterruptedException {
        LiveFleet fleet = new LiveFleet(SocketFolder.all(environment), interval, patience);
        fleet.look();
        for (ServerFeed feed : fleet.feeds.values()) {
            feed.awaitFirst();
        }
        Thread thread = new Thread(fleet::keepLooking, "servers");
        thread.setDaemon(true);
        thread.start();
        return fleet;
    }

    private LiveFleet(Set<Path> folders, Duration interval, Duration patience) {
        this.folders = folders;
        this.interval = interval.toMillis();
        this.patience = patience;
    }

    private void keepLooking() {
        try {
            while (!closed) {
                Thread.sleep(LOOK_MILLIS);
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Notes that a page or screen begins or ceases to show the jobs. While none does, servers are asked less often. */
    public void watched(boolean begins) {
        watchers.addAndGet(begins ? 1 : -1);
    }

    private long interval() {
        return watchers.get() > 0 ? interval : Math.max(interval, UNWATCHED_MILLIS);
    }

    private void look() {
        for (Path folder : folders) {
            for (Path socket : SocketFolder.sockets(folder)) {
                ServerFeed known = feeds.get(socket);
                if (known == null || known.mayBeTriedAgain()) {
                    feeds.put(socket, ServerFeed.start(socket, this::interval, patience, changes));
                }
            }
            SocketFolder.clean(folder);
        }
        feeds.values().removeIf(ServerFeed::isGone);
    }

    /** The servers that answer. */
    public List<ServerInfo> servers() {
        return feeds.values().stream().flatMap(feed -> feed.server().stream()).toList();
    }

    /** The problems with servers that do not answer. */
    public List<String> problems() {
        return feeds.values().stream().flatMap(feed -> feed.problem().stream()).toList();
    }

    /** All jobs, in the order of {@link JobRow#ORDER}. */
    public List<JobRow> jobs() {
        List<JobRow> all = new ArrayList<>();
        feeds.values().forEach(feed -> all.addAll(feed.jobs()));
        all.sort(JobRow.ORDER);
        return all;
    }

    /** The jobs that have changed since this number, in no order. */
    public List<JobRow> changedSince(long change) {
        List<JobRow> changed = new ArrayList<>();
        for (ServerFeed feed : feeds.values()) {
            feed.jobs().stream().filter(job -> job.change() > change).forEach(changed::add);
        }
        return changed;
    }

    /** The number of the last change. */
    public long change() {
        return changes.get();
    }

    /** The jobs with this name: a label, an id or its beginning. */
    public List<JobRow> named(String name) {
        List<JobRow> jobs = jobs();
        List<JobRow> exact = jobs.stream().filter(job -> job.id().equals(name)).toList();
        return exact.isEmpty()
                ? jobs.stream().filter(job -> job.isMeantBy(name)).toList()
                : exact;
    }

    /** The job with this id. */
    public Optional<JobRow> find(String jobId) {
        return feeds.values().stream()
                .flatMap(feed -> feed.find(jobId).stream())
                .findFirst();
    }

    /**
     * Asks the server of a job.
     *
     * @throws IOException if it has ended, or does not answer
     */
    public JsonNode ask(JobRow job, ObjectNode request) throws IOException {
        return feed(job).ask(request.put("jobId", job.id()));
    }

    /** The same for a request that may take minutes. */
    public JsonNode askSlowly(JobRow job, ObjectNode request) throws IOException {
        return feed(job).askSlowly(request.put("jobId", job.id()));
    }

    private ServerFeed feed(JobRow job) throws IOException {
        for (ServerFeed feed : feeds.values()) {
            if (feed.server().equals(Optional.of(job.server()))) {
                return feed;
            }
        }
        throw new IOException("the server has ended");
    }

    /** A request to a server. */
    public static ObjectNode request(String operation) {
        return ServerLink.JSON.createObjectNode().put("op", operation);
    }

    /** Sends a request to every server, and returns the answers. */
    public List<JsonNode> askAll(ObjectNode request) {
        List<JsonNode> answers = new ArrayList<>();
        for (ServerFeed feed : feeds.values()) {
            try {
                if (feed.server().isPresent()) {
                    answers.add(feed.ask(request.deepCopy()));
                }
            } catch (IOException e) {
                // It has just ended.
            }
        }
        return answers;
    }

    @Override
    public void close() {
        closed = true;
        feeds.values().forEach(ServerFeed::close);
    }
}
