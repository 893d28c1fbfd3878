package dev.codexmcp.job;

import dev.codexmcp.codex.event.CodexEventKind;
import dev.codexmcp.codex.event.LineScanner;
import dev.codexmcp.json.ByteSlice;
import dev.codexmcp.json.Json;
import dev.codexmcp.json.JsonObjectCursor;
import dev.codexmcp.worker.OutputSink;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * All events of one job: the worker's output as it came, and an index that says where each event's line begins, when it
 * came and what kind it is. A line's event is made when somebody asks for it. The first event is the spawn; the last, once
 * the log is sealed, the end.
 *
 * <p>One thread appends (the one that reads the worker's output), any may read and one may seal. What is guarded by {@code
 * this} is the appending and the sealing; readers go by {@link #size()}, which is published last, and by what they find
 * below it, which never changes.
 */
final class EventLog implements OutputSink {
    /** Room for what comes after the end, which is thrown away. */
    private static final int UNHEARD = 8192;

    private static final int KIND_SHIFT = 56;
    private static final long POSITION_MASK = (1L << KIND_SHIFT) - 1;

    private final ByteLog bytes = new ByteLog();
    private final LineScanner scanner = new LineScanner(this::line);
    private final int[] lastOfKind = new int[CodexEventKind.values().length];

    /** Of each event, its kind in the top byte and its line's first position below. */
    private long[] places = new long[8];

    private long[] times = new long[8];
    private int count;
    private long now;
    private boolean sealed;
    private boolean full;
    private final Runnable onFull;

    /** What readers may see; replaced whole after each piece of output. */
    private volatile View view;

    /**
     * A state of the index: what lies below {@code size} never changes.
     *
     * @param linesEnd where the last whole line ends
     * @param end where all that was read ends
     */
    private record View(long[] places, long[] times, int size, long linesEnd, long end, boolean sealed) {}

    /**
     * A log that holds the spawn, at this time.
     *
     * @param onFull run once, if ever the heap can't hold more: what comes then is thrown away
     */
    EventLog(long spawnedAt, Runnable onFull) {
        this.onFull = onFull;
        Arrays.fill(lastOfKind, -1);
        now = spawnedAt;
        line(0, CodexEventKind.SPAWNED);
        publish();
    }

    @Override
    public ByteBuffer room() {
        synchronized (this) {
            if (sealed || full) {
                return ByteBuffer.allocate(UNHEARD);
            }
            try {
                return bytes.room();
            } catch (OutOfMemoryError e) {
                becomeFull();
            }
        }
        // Outside the lock: whoever is told may hold one that is taken before ours.
        onFull.run();
        return ByteBuffer.allocate(UNHEARD);
    }

    @Override
    public void filled(int size) {
        synchronized (this) {
            if (sealed || full) {
                return; // The job is over: what a grandchild still says belongs to nobody.
            }
            ByteBuffer read = bytes.room();
            int start = read.arrayOffset() + read.position();
            bytes.filled(size);
            now = System.currentTimeMillis();
            try {
                scanner.scan(read.array(), start, size);
                publish();
                return;
            } catch (OutOfMemoryError e) {
                becomeFull();
            }
        }
        onFull.run();
    }

    private void becomeFull() {
        full = true;
        now = System.currentTimeMillis();
        add(scanner.lineStart(), CodexEventKind.OUT_OF_MEMORY);
        publish();
    }

    /** What followed the last line feed is a line too. */
    @Override
    public synchronized void ended() {
        if (!sealed && !full) {
            now = System.currentTimeMillis();
            scanner.finish();
            publish();
        }
    }

    /** Adds the last event, and no more: what comes after is not heard. */
    synchronized void seal(long endedAt) {
        now = endedAt;
        if (!full) {
            scanner.finish();
        }
        add(bytes.length(), CodexEventKind.FINAL);
        sealed = true;
        bytes.trim();
        places = Arrays.copyOf(places, count);
        times = Arrays.copyOf(times, count);
        publish();
    }

    private void publish() {
        view = new View(places, times, count, scanner.lineStart(), bytes.length(), sealed);
    }

    private void line(long start, CodexEventKind kind) {
        // There is always room for two more, which are needed where there is no memory to grow.
        if (count + 2 >= places.length) {
            long[] more = Arrays.copyOf(places, places.length * 2);
            times = Arrays.copyOf(times, times.length * 2);
            places = more;
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
    int size() {
        return view.size();
    }

    /** A state to read from, in which nothing changes any more. */
    Reader reader() {
        return new Reader(view);
    }

    synchronized boolean has(CodexEventKind kind) {
        return lastOfKind[kind.ordinal()] >= 0;
    }

    /** The last event of this kind, or -1. */
    synchronized int last(CodexEventKind kind) {
        return lastOfKind[kind.ordinal()];
    }

    /** The text of the last agent message, where there is one. */
    Optional<String> lastMessage() {
        int index = last(CodexEventKind.AGENT_MESSAGE);
        return index < 0 ? Optional.empty() : textOf(index, "item", "text");
    }

    /** The text at a path of member names within an event's line. */
    Optional<String> textOf(int index, String... path) {
        return reader().text(index, path);
    }

    private static Optional<String> text(ByteSlice line, String... path) {
        JsonObjectCursor members = new JsonObjectCursor(line.array(), line.offset(), line.length());
        for (int i = 0; i < path.length; i++) {
            byte[] name = path[i].getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            int start = 0;
            int length = 0;
            while (members.next()) {
                if (members.nameIs(name)) {
                    start = members.valueStart();
                    length = members.valueLength();
                }
            }
            if (i == path.length - 1) {
                return Optional.ofNullable(Json.string(line.array(), start, length));
            }
            members = new JsonObjectCursor(line.array(), start, length);
        }
        return Optional.empty();
    }

    /** The last {@code limit} bytes that the worker printed. */
    byte[] tail(int limit) {
        long end = view.end();
        return end == 0
                ? new byte[0]
                : bytes.slice(Math.max(0, end - limit), end).toByteArray();
    }

    /** The log as it was when this was made. */
    final class Reader {
        private final View seen;

        private Reader(View seen) {
            this.seen = seen;
        }

        int size() {
            return seen.size();
        }

        /** Whether the last event is there: nothing follows what this reader sees. */
        boolean complete() {
            return seen.sealed();
        }

        CodexEventKind kind(int index) {
            return CodexEventKind.of((int) (seen.places()[index] >>> KIND_SHIFT));
        }

        long time(int index) {
            return seen.times()[index];
        }

        /** The text at a path of member names within the event's line. */
        Optional<String> text(int index, String... path) {
            return EventLog.text(line(index), path);
        }

        /** How many bytes the lines of these events take. */
        long lengthOf(int from, int to) {
            return start(to) - start(from);
        }

        private long start(int index) {
            return index < seen.size() ? seen.places()[index] & POSITION_MASK : seen.linesEnd();
        }

        /** The event's line; blank lines and the line feed may hang on behind. */
        ByteSlice line(int index) {
            long start = start(index);
            long end = start(index + 1);
            return end == start ? ByteSlice.EMPTY : bytes.slice(start, end);
        }
    }
}
