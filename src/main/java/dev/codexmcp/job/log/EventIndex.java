package dev.codexmcp.job.log;

import dev.codexmcp.codex.event.CodexEventKind;
import java.util.Arrays;
import java.util.function.IntFunction;

/**
 * The kind, time and line position of each event of a log. Entries never change, so they can be read while it grows.
 * Guarded by its log's lock.
 */
final class EventIndex {
    /** Reserved for {@code OUT_OF_MEMORY} and {@code FINAL}, for when there is no memory to grow. */
    private static final int RESERVED = 2;

    private static final int KIND_SHIFT = 56;
    private static final long POSITION_MASK = (1L << KIND_SHIFT) - 1;

    private final IntFunction<long[]> memory;
    private final int[] lastOfKind = new int[CodexEventKind.values().length];

    /** The kind in the top byte, the start of the line in the others. */
    private long[] places;

    private long[] times;
    private int size;

    /** @param memory allocates the arrays */
    EventIndex(IntFunction<long[]> memory) {
        this.memory = memory;
        places = memory.apply(8);
        times = memory.apply(8);
        Arrays.fill(lastOfKind, -1);
    }

    /**
     * Adds an event.
     *
     * @throws OutOfMemoryError if there is no memory for it; then nothing has changed
     */
    void add(CodexEventKind kind, long start, long time) {
        if (size + RESERVED >= places.length) {
            long[] morePlaces = memory.apply(places.length * 2);
            long[] moreTimes = memory.apply(times.length * 2);
            System.arraycopy(places, 0, morePlaces, 0, size);
            System.arraycopy(times, 0, moreTimes, 0, size);
            places = morePlaces;
            times = moreTimes;
        }
        addReserved(kind, start, time);
    }

    /** Adds one of the two events with a reserved entry; allocates no memory. */
    void addReserved(CodexEventKind kind, long start, long time) {
        places[size] = (long) kind.ordinal() << KIND_SHIFT | start;
        times[size] = time;
        lastOfKind[kind.ordinal()] = size;
        size++;
    }

    /** The last event of this kind, or -1. */
    int last(CodexEventKind kind) {
        return lastOfKind[kind.ordinal()];
    }

    /** The last event of each kind, by the kind's ordinal, or -1. */
    int[] lastOfKinds() {
        return lastOfKind.clone();
    }

    /** Frees unused entries. Nothing may be added afterwards. */
    void trim() {
        places = Arrays.copyOf(places, size);
        times = Arrays.copyOf(times, size);
    }

    int size() {
        return size;
    }

    long[] places() {
        return places;
    }

    long[] times() {
        return times;
    }

    static CodexEventKind kindAt(long place) {
        return CodexEventKind.of((int) (place >>> KIND_SHIFT));
    }

    static long startAt(long place) {
        return place & POSITION_MASK;
    }
}
