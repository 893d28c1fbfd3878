package dev.codexmcp.job;

import dev.codexmcp.codex.Sandbox;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Jobs that wait: first for the jobs that they depend on, then for a permit. Higher priorities come first, equal ones in the
 * order in which they were added. Each operation costs the logarithm of the queue's length for each job and dependency
 * involved. Not thread-safe.
 */
final class JobQueue {
    private static final class Entry {
        final Job job;
        final int priority;
        final long number;
        final Set<Job> unmet;
        boolean readOnly;

        Entry(Job job, long number, Collection<Job> unmet) {
            this.job = job;
            this.priority = job.spec().scheduling().priority();
            this.number = number;
            this.unmet = new LinkedHashSet<>(unmet);
            this.readOnly = isReadOnly(job);
        }

        private int priority() {
            return priority;
        }

        private long number() {
            return number;
        }
    }

    /** Not composed of the JDK's combinators: their lambdas would slow down every start of the server. */
    private static final Comparator<Entry> ORDER = new Comparator<>() {
        @Override
        public int compare(Entry one, Entry other) {
            return one.priority() == other.priority()
                    ? Long.compare(one.number(), other.number())
                    : Integer.compare(other.priority(), one.priority());
        }
    };

    private final Map<Job, Entry> entries = new LinkedHashMap<>();
    private final Map<Job, Set<Entry>> dependents = new HashMap<>();

    /** The jobs that wait only for a permit. */
    private final TreeSet<Entry> readers = new TreeSet<>(ORDER);

    private final TreeSet<Entry> writers = new TreeSet<>(ORDER);

    /** The jobs that can't start any more because a job that they depend on did not end {@code done}. */
    private final TreeSet<Entry> doomed = new TreeSet<>(ORDER);

    private final int[] waiting = new int[Scheduling.MOST - Scheduling.LEAST + 1];
    private long added;

    static boolean isReadOnly(Job job) {
        return job.spec().sandbox() == Sandbox.READ_ONLY;
    }

    int size() {
        return entries.size();
    }

    boolean contains(Job job) {
        return entries.containsKey(job);
    }

    /**
     * Adds a job that depends on others. Those of them that have ended must be {@linkplain #ended reported} afterwards.
     *
     * @return its position in the queue, from 1
     */
    int add(Job job, Collection<Job> dependencies) {
        Entry entry = new Entry(job, added++, dependencies);
        entries.put(job, entry);
        waiting[entry.priority - Scheduling.LEAST]++;
        for (Job dependency : entry.unmet) {
            dependents.computeIfAbsent(dependency, any -> new LinkedHashSet<>()).add(entry);
        }
        makeReadyIfMet(entry);
        int position = 0;
        for (int priority = entry.priority; priority <= Scheduling.MOST; priority++) {
            position += waiting[priority - Scheduling.LEAST];
        }
        return position;
    }

    private void makeReadyIfMet(Entry entry) {
        if (entry.unmet.isEmpty() && entries.get(entry.job) == entry) {
            ready(entry).add(entry);
        }
    }

    private Set<Entry> ready(Entry entry) {
        return entry.readOnly ? readers : writers;
    }

    /** Takes a job out, if it is here. */
    void remove(Job job) {
        Entry entry = entries.remove(job);
        if (entry == null) {
            return;
        }
        waiting[entry.priority - Scheduling.LEAST]--;
        ready(entry).remove(entry);
        doomed.remove(entry);
        for (Job dependency : entry.unmet) {
            Set<Entry> others = dependents.get(dependency);
            if (others != null && others.remove(entry) && others.isEmpty()) {
                dependents.remove(dependency);
            }
        }
    }

    /** The spec of a waiting job has changed, perhaps its sandbox; it keeps its position. */
    void specChanged(Job job) {
        Entry entry = entries.get(job);
        if (entry != null) {
            ready(entry).remove(entry);
            entry.readOnly = isReadOnly(job);
            makeReadyIfMet(entry);
        }
    }

    /**
     * A job has ended; those that depend on it come closer to their start, or can't start any more. Safe to repeat if memory
     * runs out.
     */
    void ended(Job job, boolean done) {
        Set<Entry> waitingForIt = dependents.get(job);
        if (waitingForIt == null) {
            return;
        }
        for (Entry entry : waitingForIt) {
            if (done) {
                entry.unmet.remove(job);
                makeReadyIfMet(entry);
            } else {
                doomed.add(entry);
            }
        }
        dependents.remove(job);
    }

    /** Moves the dependents of one job to another. If memory runs out, each still depends on at least one of them. */
    void inherit(Job old, Job heir) {
        Set<Entry> waitingForIt = dependents.get(old);
        if (waitingForIt == null) {
            return;
        }
        dependents.computeIfAbsent(heir, any -> new LinkedHashSet<>()).addAll(waitingForIt);
        for (Entry entry : waitingForIt) {
            entry.unmet.add(heir);
            entry.unmet.remove(old);
        }
        dependents.remove(old);
    }

    /** The first job that has to end now since it can't start any more, or null. It stays until it is removed. */
    @Nullable
    Job firstDoomed() {
        return doomed.isEmpty() ? null : doomed.first().job;
    }

    /** Any of the jobs; the queue must not be empty. */
    Job any() {
        return entries.keySet().iterator().next();
    }

    /** The jobs that this one still waits for. */
    Collection<Job> unmet(Job job) {
        Entry entry = entries.get(job);
        return entry == null ? List.of() : entry.unmet;
    }

    /**
     * The first job that may write and has declared no path that a running job has declared, nor one that an earlier job waits for.
     */
    private @Nullable Entry firstWriter(Collection<Job> running) {
        List<Place> taken = new ArrayList<>();
        for (Job job : running) {
            if (!job.spec().place().shared().isEmpty()) {
                taken.add(job.spec().place());
            }
        }
        for (Entry entry : writers) {
            Place place = entry.job.spec().place();
            if (place.shared().isEmpty() || taken.stream().noneMatch(place::meets)) {
                return entry;
            }
            taken.add(place);
        }
        return null;
    }

    /** Whether a waiting job has declared a path that this place has declared too. */
    boolean meets(Place place) {
        return !place.shared().isEmpty()
                && entries.keySet().stream()
                        .anyMatch(waiting -> place.meets(waiting.spec().place()));
    }

    /** The job to start next; null if none is ready.
     *
     * @param reader whether it may be a read-only job
     * @param writer whether it may be a job that may write
     * @param running the jobs that it would run beside
     */
    @Nullable
    Job next(boolean reader, boolean writer, Collection<Job> running) {
        Entry read = reader && !readers.isEmpty() ? readers.first() : null;
        Entry write = writer && !writers.isEmpty() ? firstWriter(running) : null;
        if (read == null || write == null) {
            Entry only = read == null ? write : read;
            return only == null ? null : only.job;
        }
        return ORDER.compare(read, write) < 0 ? read.job : write.job;
    }
}
