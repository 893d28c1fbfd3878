package dev.codexmcp.job.log;

import dev.codexmcp.codex.event.CodexEventKind;
import dev.codexmcp.codex.event.EventWriter;
import dev.codexmcp.codex.event.LineScanner;
import dev.codexmcp.json.ByteSlice;
import dev.codexmcp.worker.OutputSink;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.IntFunction;

/**
 * All events of one job: the worker's output as it came, and an index of where each event's line begins, when it came and
 * what kind it is. A line's event is made when a page asks for it. The last event, once the log is sealed, is {@code FINAL}.
 *
 * <pre>
 *             no memory for more              seal
 *   OPEN ──────────────────────────▶ FULL ────────────▶ SEALED
 *     └──────────────────── seal ───────────────────────▲
 * </pre>
 *
 * Sealing needs no memory: a full heap is when it matters most.
 *
 * <p>One thread appends output (the one that reads it from the worker), any thread may read, append an event of the log's
 * own, or seal. {@code this} guards appending and sealing; readers go by the {@link View} that is published last, in which
 * nothing changes any more.
 */
public final class EventLog implements OutputSink {
    /** Room for what is thrown away: shared by all logs, since nobody reads it. */
    private static final ByteBuffer UNHEARD = ByteBuffer.allocate(8192);

    private static final int KIND_SHIFT = 56;
    private static final long POSITION_MASK = (1L << KIND_SHIFT) - 1;

    /** Places that the index always has left: for {@code OUT_OF_MEMORY} and {@code FINAL}, when there is no memory to grow. */
    private static final int RESERVED = 2;

    private final ByteLog bytes = new ByteLog();
    private final LineScanner scanner = new LineScanner(this::line);
    private final int[] lastOfKind = new int[CodexEventKind.values().length];
    private final OwnEvents own;
    private final Runnable onFull;
    private final IntFunction<long[]> memory;

    /** Of each event, its kind in the top byte and its line's first position below. */
    private long[] places;

    private long[] times;
    private int count;
    private long now;
    private boolean full;
    private boolean sealed;

    /** Of the appending thread alone. */
    private boolean fullReported;

    /** Made in advance, for {@link #seal}. */
    private final View lastView = new View();

    /** What readers may see; replaced whole after each piece of output. */
    private volatile View view = lastView;

    /** A state of the index. Filled before it is published; what lies below {@code size} never changes. */
    private static final class View {
        private long[] places = {};
        private long[] times = {};
        private int size;

        /** Where the last whole line ends. */
        private long linesEnd;

        /** Where all that was read ends. */
        private long end;

        private boolean sealed;
    }

    /**
     * A log without events.
     *
     * @param own what the log's own events hold
     * @param onFull run once, on the appending thread, when the heap can't hold more: what comes from then on is thrown away
     */
    public EventLog(OwnEvents own, Runnable onFull) {
        this(own, onFull, long[]::new);
    }

    /** @param memory where the index gets its arrays */
    EventLog(OwnEvents own, Runnable onFull, IntFunction<long[]> memory) {
        this.own = own;
        this.onFull = onFull;
        this.memory = memory;
        places = memory.apply(8);
        times = memory.apply(8);
        Arrays.fill(lastOfKind, -1);
        publish(new View());
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

    /** Outside the lock: the listener may hold one that is taken before ours. */
    private void reportFull() {
        try {
            onFull.run();
            fullReported = true;
        } catch (OutOfMemoryError e) {
            // Tried again with the next piece of output, which would else keep the worker alive and unheard for ever.
        }
    }

    @Override
    public synchronized void filled(int size) {
        if (sealed || full) {
            return; // What a grandchild still says after the end belongs to nobody.
        }
        ByteBuffer read = bytes.room();
        int start = read.arrayOffset() + read.position();
        bytes.filled(size);
        now = System.currentTimeMillis();
        try {
            scanner.scan(read.array(), start, size);
            publish(new View());
        } catch (OutOfMemoryError e) {
            becomeFull();
        }
    }

    private void becomeFull() {
        full = true;
        now = System.currentTimeMillis();
        add(scanner.lineStart(), CodexEventKind.OUT_OF_MEMORY);
        try {
            publish(new View());
        } catch (OutOfMemoryError e) {
            // Readers see the event once the log is sealed.
        }
    }

    /** What followed the last line feed is a line too. */
    @Override
    public synchronized void ended() {
        if (!sealed && !full) {
            now = System.currentTimeMillis();
            try {
                scanner.finish();
                publish(new View());
            } catch (OutOfMemoryError e) {
                becomeFull();
            }
        }
    }

    /** Adds an event of the log's own. */
    public synchronized void append(CodexEventKind kind, long epochMillis) {
        if (sealed || full) {
            throw new IllegalStateException("The log takes no more: " + (sealed ? "sealed" : "full"));
        }
        now = epochMillis;
        line(scanner.lineStart(), kind);
        publish(new View());
    }

    /** Adds the last event. What comes after it is thrown away. Does nothing the second time. */
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
                add(scanner.lineStart(), CodexEventKind.OUT_OF_MEMORY);
            }
        }
        add(bytes.length(), CodexEventKind.FINAL);
        sealed = true;
        publish(lastView);
    }

    /**
     * Gives back the memory that a sealed log no longer needs, if there is enough to do so. A log that has filled the heap is
     * left alone: a copy of it would take what little the others have left.
     */
    public synchronized void trim() {
        if (!sealed || full) {
            return;
        }
        try {
            bytes.trim();
            places = Arrays.copyOf(places, count);
            times = Arrays.copyOf(times, count);
            publish(new View());
        } catch (OutOfMemoryError e) {
            // It stays as large as it is.
        }
    }

    private void publish(View next) {
        next.places = places;
        next.times = times;
        next.size = count;
        next.linesEnd = scanner.lineStart();
        next.end = bytes.length();
        next.sealed = sealed;
        view = next;
    }

    private void line(long start, CodexEventKind kind) {
        if (count + RESERVED >= places.length) {
            long[] morePlaces = memory.apply(places.length * 2);
            long[] moreTimes = memory.apply(times.length * 2);
            System.arraycopy(places, 0, morePlaces, 0, count);
            System.arraycopy(times, 0, moreTimes, 0, count);
            places = morePlaces;
            times = moreTimes;
        }
        add(start, kind);
    }

    private void add(long start, CodexEventKind kind) {
        places[count] = (long) kind.ordinal() << KIND_SHIFT | start;
        times[count] = now;
        lastOfKind[kind.ordinal()] = count;
        count++;
    }

    /** How many events there are. */
    public int size() {
        return view.size;
    }

    /** The log as it is now. */
    public Reader reader() {
        return new Reader(view);
    }

    public synchronized boolean has(CodexEventKind kind) {
        return lastOfKind[kind.ordinal()] >= 0;
    }

    /** The line of the last event of this kind, empty if there is none. */
    public ByteSlice lastLine(CodexEventKind kind) {
        int index;
        synchronized (this) {
            index = lastOfKind[kind.ordinal()];
        }
        Reader now = reader();
        // A log without memory may have an event that it could not publish.
        return index < 0 || index >= now.size() ? ByteSlice.EMPTY : now.line(index);
    }

    /** The last {@code limit} bytes that the worker printed. */
    public byte[] tail(int limit) {
        long end = view.end;
        return end == 0
                ? new byte[0]
                : bytes.slice(Math.max(0, end - limit), end).toByteArray();
    }

    /** The log as it was at one moment: nothing in it changes. */
    public final class Reader {
        private final View seen;

        private Reader(View seen) {
            this.seen = seen;
        }

        public int size() {
            return seen.size;
        }

        /** Whether the last event is there: nothing follows what this reader sees. */
        boolean complete() {
            return seen.sealed;
        }

        public CodexEventKind kind(int index) {
            return CodexEventKind.of((int) (seen.places[index] >>> KIND_SHIFT));
        }

        long time(int index) {
            return seen.times[index];
        }

        /** How many bytes the lines of these events take. */
        long lengthOf(int from, int to) {
            return start(to) - start(from);
        }

        private long start(int index) {
            return index < seen.size ? seen.places[index] & POSITION_MASK : seen.linesEnd;
        }

        /** The event's line; blank lines and the line feed may follow in it. Empty for an event of the log's own. */
        public ByteSlice line(int index) {
            long start = start(index);
            long end = start(index + 1);
            return end == start ? ByteSlice.EMPTY : bytes.slice(start, end);
        }

        /** Writes the event. */
        void write(int index, EventWriter writer, EventWording wording) {
            CodexEventKind kind = kind(index);
            switch (kind) {
                case SPAWNED, FINAL -> writer.own(kind, time(index), own.content(kind));
                case OUT_OF_MEMORY ->
                    writer.own(kind, time(index), json -> {
                        json.writeStartObject();
                        json.writeStringField("message", wording.outOfMemory());
                        json.writeEndObject();
                    });
                case THREAD_STARTED,
                        TURN_STARTED,
                        TURN_COMPLETED,
                        TURN_FAILED,
                        ERROR,
                        AGENT_MESSAGE,
                        REASONING,
                        COMMAND_CALL,
                        COMMAND_RESULT,
                        FILE_CHANGE_CALL,
                        FILE_CHANGE_RESULT,
                        MCP_CALL,
                        MCP_RESULT,
                        WEB_SEARCH_CALL,
                        WEB_SEARCH_RESULT,
                        COLLAB_CALL,
                        COLLAB_RESULT,
                        TODO_LIST,
                        ITEM_ERROR,
                        OTHER_ITEM,
                        UNKNOWN,
                        MALFORMED -> {
                    ByteSlice line = line(index);
                    writer.line(kind, time(index), line.array(), line.offset(), line.length());
                }
            }
        }
    }
}
