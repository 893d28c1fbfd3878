package dev.codexmcp.job.changes;

import dev.codexmcp.codex.event.ChangedFiles;
import dev.codexmcp.codex.event.CodexEventKind;
import dev.codexmcp.git.ChangeKind;
import dev.codexmcp.git.ChangeLedger;
import dev.codexmcp.git.RepoPath;
import dev.codexmcp.job.Job;
import dev.codexmcp.job.log.LogReader;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A job whose worker may write. Passes what the worker reports on to its tree's ledger. Thread-safe. */
final class TrackedJob {
    private final Job job;
    private final long started;

    /** The difference between {@link System#nanoTime} and nanoseconds since 1970. */
    private final long offset;

    /** The directory as the worker knows it. */
    private final Path directory;

    private final CompletableFuture<TrackedTree> tree = new CompletableFuture<>();

    /** Completes when its end is in the ledger. */
    private final CompletableFuture<Void> end = new CompletableFuture<>();

    private final CompletableFuture<Void> shown = new CompletableFuture<>();

    /** The events already in the ledger, and when they were read. Guarded by {@code this}, like the next field. */
    private int read;

    private long readAt;

    /** Patched files outside the tree. */
    private final Set<String> outside = new LinkedHashSet<>();

    /** The files that the snapshots add to the worker's own patches; empty until the one after its end is there. */
    private volatile List<Path> added = List.of();

    /** Whether a snapshot shows the tree after its end. */
    private volatile boolean settled;

    TrackedJob(Job job) {
        this.job = job;
        long now = System.nanoTime();
        long epoch = System.currentTimeMillis();
        this.offset = now - TimeUnit.MILLISECONDS.toNanos(epoch);
        this.started = Math.min(now, nanos(job.snapshot().startedAt().orElse(epoch)));
        this.readAt = started;
        this.directory = Path.of(job.spec().options().workingDirectory().orElse(""))
                .toAbsolutePath()
                .normalize();
    }

    Job job() {
        return job;
    }

    String id() {
        return job.id();
    }

    /** When its worker was started, by {@link System#nanoTime}. */
    long started() {
        return started;
    }

    Path directory() {
        return directory;
    }

    /** Completes when it is known where the worker works. */
    CompletableFuture<TrackedTree> tree() {
        return tree;
    }

    /** Completes when its end is in the ledger; immediately if it has not ended. */
    CompletableFuture<Void> endIfOver() {
        return job.ended() ? end : CompletableFuture.completedFuture(null);
    }

    /** Its end is in the ledger, and this completes when a snapshot shows it. */
    void endNoted(CompletableFuture<Void> snapshot) {
        snapshot.whenComplete((done, failure) -> shown.complete(null));
        end.complete(null);
    }

    /** Completes after the attempt to take a snapshot after its end. */
    CompletableFuture<Void> shown() {
        return shown;
    }

    List<Path> added() {
        return added;
    }

    void settle(List<Path> files) {
        added = List.copyOf(files);
        settled = true;
    }

    boolean settled() {
        return settled;
    }

    synchronized List<String> outside() {
        return List.copyOf(outside);
    }

    private long nanos(long epochMillis) {
        return TimeUnit.MILLISECONDS.toNanos(epochMillis) + offset;
    }

    /** Passes on to the ledger what the worker has reported since the last call. */
    synchronized void report(ChangeLedger ledger, Path root) {
        LogReader events = job.output().events().reader();
        long now = System.nanoTime();
        for (; read < events.size(); read++) {
            CodexEventKind kind = events.kind(read);
            if (!isAction(kind)) {
                continue;
            }
            // The system clock may be changed; the time at which events were read is certain.
            long time = Math.max(readAt, Math.min(now, nanos(events.time(read))));
            ledger.acted(id(), time);
            if (kind == CodexEventKind.FILE_CHANGE_RESULT) {
                ChangedFiles.kinds(events.line(read)).forEach((path, change) -> {
                    Optional<RepoPath> place = place(root, path);
                    place.ifPresentOrElse(
                            inside -> ledger.patched(id(), inside, kind(change), time), () -> outside.add(path));
                });
            }
        }
        readAt = now;
    }

    private static ChangeKind kind(String word) {
        return switch (word) {
            case "add" -> ChangeKind.ADD;
            case "delete" -> ChangeKind.DELETE;
            default -> ChangeKind.UPDATE;
        };
    }

    /** The place of a path, as the worker names it, in its tree; empty outside. */
    private Optional<RepoPath> place(Path root, String path) {
        try {
            Path named = directory.resolve(path).normalize();
            if (named.startsWith(directory)) {
                // The worker's directory may be behind a link.
                Path inside = directory.toRealPath().resolve(directory.relativize(named));
                return RepoPath.within(root, root, inside.toString());
            }
            Optional<RepoPath> place = RepoPath.within(root, root, named.toString());
            Path parent = named.getParent();
            return place.isPresent() || parent == null
                    ? place
                    : RepoPath.within(
                            root,
                            root,
                            parent.toRealPath().resolve(named.getFileName()).toString());
        } catch (IOException | InvalidPathException e) {
            return Optional.empty();
        }
    }

    /** Whether the worker may have written because of this. */
    private static boolean isAction(CodexEventKind kind) {
        return switch (kind) {
            case COMMAND_CALL,
                    COMMAND_RESULT,
                    FILE_CHANGE_CALL,
                    FILE_CHANGE_RESULT,
                    MCP_CALL,
                    MCP_RESULT,
                    COLLAB_CALL,
                    COLLAB_RESULT,
                    OTHER_ITEM,
                    UNKNOWN,
                    MALFORMED,
                    OUT_OF_MEMORY -> true;
            case THREAD_STARTED,
                    TURN_STARTED,
                    TURN_COMPLETED,
                    TURN_FAILED,
                    ERROR,
                    AGENT_MESSAGE,
                    REASONING,
                    WEB_SEARCH_CALL,
                    WEB_SEARCH_RESULT,
                    TODO_LIST,
                    ITEM_ERROR,
                    QUEUED,
                    SPAWNED,
                    RETRY,
                    FINAL -> false;
        };
    }
}
