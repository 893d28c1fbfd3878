package dev.codexmcp.job;

import dev.codexmcp.codex.event.ChangedFiles;
import dev.codexmcp.codex.event.CodexEventKind;
import dev.codexmcp.codex.event.EventWriter;
import dev.codexmcp.json.ByteSlice;
import dev.codexmcp.json.JsonWritable;
import dev.codexmcp.worker.ChildProcess;
import dev.codexmcp.worker.ExitStatus;
import dev.codexmcp.worker.TailBuffer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One worker, from its start to its end, and all it has said.
 *
 * <pre>
 *               the worker exited 0 ──────────────▶ DONE
 *              ╱
 *   RUNNING ──┼── exited otherwise ───────────────▶ FAILED
 *              ╲
 *               ended after a cancel, and no turn
 *               had been completed ───────────────▶ CANCELED
 * </pre>
 *
 * The one transition is made by {@link #end}, which {@link ChildProcess} calls once. {@code this} guards the status, how
 * the worker ended, whether a cancel was asked for, and who waits; listeners are told outside the lock.
 */
public final class Job {
    /** How much of the worker's raw output {@code codex_result} shows of each stream. */
    private static final int TAIL = 2 * 1024 * 1024;

    /** What the CLI prints whenever it is not run from a terminal. */
    private static final String STDIN_NOTICE = "Reading additional input from stdin...";

    private static final String OUT_OF_MEMORY =
            "The server's heap is full: the worker was killed, and what it said last is "
                    + "lost. Restart the server, or give it more heap (CODEX_MCP_JAVA_OPTS=-Xmx4g).";

    /** How much of each of a worker's utterances goes on to its successor, in characters. */
    private static final int SAID_LENGTH = 1500;

    private final String id;
    private final JobSpec spec;
    private final String program;
    private final long startedAt;
    private final EventLog log;
    private final TailBuffer stderr = new TailBuffer(TAIL);

    private final Set<Runnable> listeners = new LinkedHashSet<>();
    private @Nullable ChildProcess process;
    private JobStatus status = JobStatus.RUNNING;
    private boolean cancelAsked;
    private @Nullable ExitStatus exit;
    private long finishedAt;

    Job(String id, JobSpec spec, String program, long startedAt) {
        this.id = id;
        this.spec = spec;
        this.program = program;
        this.startedAt = startedAt;
        this.log = new EventLog(startedAt, this::kill);
    }

    /** Ends the worker because the server can't keep it: that is no cancel, and the job fails. */
    private void kill() {
        ChildProcess child;
        synchronized (this) {
            child = process;
        }
        if (child != null) {
            child.end(true);
        }
    }

    public String id() {
        return id;
    }

    public JobSpec spec() {
        return spec;
    }

    EventLog log() {
        return log;
    }

    TailBuffer stderrIntake() {
        return stderr;
    }

    synchronized void started(ChildProcess child) {
        process = child;
    }

    /** The one transition. Told by {@link ChildProcess}. */
    void end(ExitStatus how) {
        synchronized (this) {
            finishedAt = System.currentTimeMillis();
            exit = how;
            // Sealed before the status shows: who sees the job ended sees its last event too.
            log.seal(finishedAt);
            status = JobStatus.atEnd(how, cancelAsked, log.has(CodexEventKind.TURN_COMPLETED));
            process = null;
        }
    }

    /** Tells all who wait; after {@link #end}, once whatever the job held has been given back. */
    void tellEnded() {
        List<Runnable> waiting;
        synchronized (this) {
            waiting = List.copyOf(listeners);
            listeners.clear();
        }
        waiting.forEach(Runnable::run);
    }

    /**
     * Asks for the worker's end, and that of all it has started.
     *
     * @param force kill, rather than ask
     * @return false where the job has ended
     */
    public boolean cancel(boolean force) {
        ChildProcess child;
        synchronized (this) {
            child = process;
            if (status != JobStatus.RUNNING || child == null) {
                return false;
            }
            cancelAsked = true;
        }
        child.end(force);
        return true;
    }

    /**
     * Has {@code listener} run once when the job ends.
     *
     * @return false where the job has ended already: then it is not run
     */
    public synchronized boolean onEnd(Runnable listener) {
        return status == JobStatus.RUNNING && listeners.add(listener);
    }

    public synchronized void removeListener(Runnable listener) {
        listeners.remove(listener);
    }

    public synchronized boolean running() {
        return status == JobStatus.RUNNING;
    }

    public synchronized JobSnapshot snapshot() {
        boolean ended = status != JobStatus.RUNNING;
        return new JobSnapshot(
                id,
                spec.label(),
                status,
                startedAt,
                ended ? Optional.of(finishedAt) : Optional.empty(),
                Optional.ofNullable(exit));
    }

    /** The last agent message so far. */
    public Optional<String> lastMessage() {
        return log.lastMessage();
    }

    /** The end of what the worker printed on standard output, up to 2 MiB. */
    public String stdoutTail() {
        return TailBuffer.text(log.tail(TAIL));
    }

    /** The end of what the worker printed on standard error, up to 2 MiB. */
    public String stderrTail() {
        return stderr.text();
    }

    /** The last lines of what the worker printed on standard error, {@code most} at most, without those that say nothing. */
    public List<String> lastStderrLines(int most) {
        List<String> lines = stderr.text()
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.equals(STDIN_NOTICE))
                .toList();
        return lines.subList(Math.max(0, lines.size() - most), lines.size());
    }

    /** What the worker said went wrong, as far as it did: its turn's failure, else its last error. */
    public Optional<String> lastError() {
        if (log.has(CodexEventKind.OUT_OF_MEMORY)) {
            return Optional.of(OUT_OF_MEMORY);
        }
        int failed = log.last(CodexEventKind.TURN_FAILED);
        if (failed >= 0) {
            return log.textOf(failed, "error", "message");
        }
        int error = log.last(CodexEventKind.ERROR);
        return error < 0 ? Optional.empty() : log.textOf(error, "message");
    }

    /** The files that the worker's patches touched, in order; what its shell commands wrote is not among them. */
    public List<String> changedFiles() {
        EventLog.Reader events = log.reader();
        Set<String> files = new LinkedHashSet<>();
        for (int i = 0; i < events.size(); i++) {
            if (events.kind(i) == CodexEventKind.FILE_CHANGE_RESULT) {
                files.addAll(ChangedFiles.in(events.line(i)));
            }
        }
        return List.copyOf(files);
    }

    /** What the worker is doing, in a few words, as far as the events from {@code from} on tell. */
    public Optional<String> activity(int from) {
        return EventDigest.activity(log.reader(), from);
    }

    /** The last {@code most} of the worker's messages, errors and progress, oldest first, a text each. */
    public List<String> said(int most) {
        return EventDigest.tail(log.reader(), most, SAID_LENGTH);
    }

    /** The conversation that the CLI keeps, by which it can be resumed. */
    public Optional<String> threadId() {
        int started = log.last(CodexEventKind.THREAD_STARTED);
        return started < 0 ? Optional.empty() : log.textOf(started, "thread_id");
    }

    /** How many events there are so far. */
    public int eventCount() {
        return log.size();
    }

    /** A page of events, as the inside of a JSON string. */
    public EventPage escapedEvents(EventQuery query) {
        return EventPage.escaped(this, query);
    }

    /** A page of events, as JSON. */
    public EventPage events(EventQuery query) {
        return EventPage.plain(this, query);
    }

    /** Writes one event. */
    void writeEvent(EventLog.Reader reader, int index, EventWriter writer) {
        CodexEventKind kind = reader.kind(index);
        long time = reader.time(index);
        switch (kind) {
            case SPAWNED -> writer.own(kind, time, spawned());
            case FINAL -> writer.own(kind, time, ended());
            case OUT_OF_MEMORY ->
                writer.own(kind, time, json -> {
                    json.writeStartObject();
                    json.writeStringField("message", OUT_OF_MEMORY);
                    json.writeEndObject();
                });
            default -> {
                ByteSlice line = reader.line(index);
                writer.line(kind, time, line.array(), line.offset(), line.length());
            }
        }
    }

    private JsonWritable spawned() {
        return json -> {
            json.writeStartObject();
            json.writeStringField("jobId", id);
            json.writeStringField("kind", "spawned");
            json.writeStringField("command", program);
            json.writeArrayFieldStart("args");
            for (String argument : spec.command().arguments()) {
                json.writeString(argument);
            }
            json.writeEndArray();
            json.writeStringField("effectiveSandbox", spec.sandbox().wire());
            if (spec.label().isPresent()) {
                json.writeStringField("label", spec.label().get());
            }
            json.writeEndObject();
        };
    }

    private JsonWritable ended() {
        JobSnapshot now = snapshot();
        ExitStatus how = now.exit().orElseThrow();
        String message = lastMessage().orElse(null);
        return json -> {
            json.writeStartObject();
            json.writeStringField("jobId", id);
            json.writeStringField("status", now.status().wire());
            JobSnapshot.writeExitCode(json, how.code());
            json.writeStringField("exitSignal", how.signal());
            json.writeStringField("lastMessage", message);
            json.writeEndObject();
        };
    }
}
