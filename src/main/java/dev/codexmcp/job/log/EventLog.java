package dev.codexmcp.job.log;

import dev.codexmcp.codex.event.CodexEventKind;
import dev.codexmcp.codex.event.EventLines;
import dev.codexmcp.codex.event.LineScanner;
import dev.codexmcp.json.ByteSlice;
import dev.codexmcp.worker.OutputSink;
import java.nio.ByteBuffer;
import java.util.function.IntFunction;

/**
 * All events of one job: the worker's raw output, and an index with the start, time and kind of each event. The event
 * itself is written when a page needs it. The last event of a sealed log is {@code FINAL}.
 *
 * <pre>
 *             no memory for more              seal
 *   OPEN ──────────────────────────▶ FULL ────────────▶ SEALED
 *     └──────────────────── seal ───────────────────────▲
 * </pre>
 *
 * Sealing allocates no memory: it matters most when the heap is full.
 *
 * <p>One thread appends output (the one that reads it from the worker); any thread may read, append an event of the
 * log's own, or seal. {@code this} guards appending and sealing; readers use the last published {@link LogReader}.
 */
public final class EventLog implements OutputSink {
    /** Buffer for discarded output: shared by all logs, since it is never read. */
    private static final ByteBuffer UNHEARD = ByteBuffer.allocate(8192);

    private final ByteLog bytes = new ByteLog();
    private final LineScanner scanner = new LineScanner(this::line);
    private final EventIndex index;
    private final OwnEvents own;
    private final Runnable onFull;

    private long now;
    private boolean full;
    private boolean sealed;

    /** Used by the appending thread only. */
    private boolean fullReported;

    /** Allocated in advance for {@link #seal}. */
    private final LogReader last;

    /** What readers see; replaced after each piece of output. */
    private volatile LogReader reader;

    /**
     * A log without events.
     *
     * @param own the content of the log's own events
     * @param onFull runs once, on the appending thread, when the heap can't hold more; later output is discarded
     */
    public EventLog(OwnEvents own, Runnable onFull) {
        this(own, onFull, long[]::new);
    }

    /** @param memory allocates the arrays of the index */
    EventLog(OwnEvents own, Runnable onFull, IntFunction<long[]> memory) {
        this.own = own;
        this.onFull = onFull;
        index = new EventIndex(memory);
        last = new LogReader(bytes, own);
        reader = new LogReader(bytes, own);
    }

    @Override
    public ByteBuffer room() {
        boolean report;
        synchronized (this) {
            if (!full && !sealed) {
                try {
                    return bytes.room();
                } catch (OutOfMemoryError e) {
                    becomeFull();
                }
            }
            report = full && !sealed && !fullReported;
        }
        if (report) {
            reportFull();
        }
        return UNHEARD;
    }

    /** Called outside the lock: the listener may take another lock that is ordered before this one. */
    private void reportFull() {
        try {
            onFull.run();
            fullReported = true;
        } catch (OutOfMemoryError e) {
            // Retried with the next piece of output: otherwise the worker would run on with its output discarded.
        }
    }

    @Override
    public synchronized void filled(int size) {
        if (sealed || full) {
            return; // output of a descendant after the end is ignored
        }
        ByteBuffer read = bytes.room();
        int start = read.arrayOffset() + read.position();
        bytes.filled(size);
        now = System.currentTimeMillis();
        try {
            scanner.scan(read.array(), start, size);
            publish(new LogReader(bytes, own));
        } catch (OutOfMemoryError e) {
            becomeFull();
        }
    }

    private void becomeFull() {
        full = true;
        now = System.currentTimeMillis();
        index.addReserved(CodexEventKind.OUT_OF_MEMORY, scanner.lineStart(), now);
        try {
            publish(new LogReader(bytes, own));
        } catch (OutOfMemoryError e) {
            // Readers see this event once the log is sealed.
        }
    }

    /** At EOF, the text after the last line feed is a line too. */
    @Override
    public synchronized void ended() {
        if (!sealed && !full) {
            now = System.currentTimeMillis();
            try {
                scanner.finish();
                publish(new LogReader(bytes, own));
            } catch (OutOfMemoryError e) {
                becomeFull();
            }
        }
    }

    /** Adds an event of the log's own. */
    public synchronized void append(CodexEventKind kind, long epochMillis) {
        if (sealed || full) {
            throw new IllegalStateException("The log accepts no more events: " + (sealed ? "sealed" : "full"));
        }
        now = epochMillis;
        line(scanner.lineStart(), kind);
        publish(new LogReader(bytes, own));
    }

    /** Adds the last event; later output is discarded. Does nothing if already sealed. */
    public synchronized void seal(long endedAt) {
        if (sealed) {
            return;
        }
        now = endedAt;
        if (!full) {
            try {
                scanner.finish();
            } catch (OutOfMemoryError e) {
                full = true;
                index.addReserved(CodexEventKind.OUT_OF_MEMORY, scanner.lineStart(), now);
            }
        }
        index.addReserved(CodexEventKind.FINAL, bytes.length(), now);
        sealed = true;
        publish(last);
    }

    /**
     * Frees the memory that a sealed log no longer needs, if there is enough to do so. A log that has filled the heap
     * stays as it is: copying it would use up the little memory left.
     */
    public synchronized void trim() {
        if (!sealed || full) {
            return;
        }
        try {
            bytes.trim();
            index.trim();
            publish(new LogReader(bytes, own));
        } catch (OutOfMemoryError e) {
            // Not enough memory to copy: the log stays as large as it is.
        }
    }

    private void publish(LogReader next) {
        reader = next.fill(index, scanner.lineStart(), sealed);
    }

    private void line(long start, CodexEventKind kind) {
        index.add(kind, start, now);
    }

    /** How many events there are. */
    public int size() {
        return reader.size();
    }

    /** A view of the log as it is now. */
    public LogReader reader() {
        return reader;
    }

    /** The same, for those who ask after the last event of a kind. */
    public synchronized EventLines lines() {
        return new LinesAtOnce(reader, index.lastOfKinds());
    }

    public synchronized boolean has(CodexEventKind kind) {
        return index.last(kind) >= 0;
    }

    /** The index of the last event of this kind, or -1. */
    public synchronized int last(CodexEventKind kind) {
        return index.last(kind);
    }

    /** The line of the last event of this kind, empty if there is none. */
    public ByteSlice lastLine(CodexEventKind kind) {
        int event;
        synchronized (this) {
            event = index.last(kind);
        }
        LogReader seen = reader;
        // A full log may have an event that it could not publish.
        return event < 0 || event >= seen.size() ? ByteSlice.EMPTY : seen.line(event);
    }

    /** The last {@code limit} bytes that the worker printed. */
    public byte[] tail(int limit) {
        return reader.tail(limit);
    }
}
