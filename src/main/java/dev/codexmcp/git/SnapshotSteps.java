package dev.codexmcp.git;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The steps between successive snapshots of a tree, each with the writers that may have run in it. Finding these costs in
 * proportion to the writers that run at a time, not to all that ever ran. Its {@link ChangeLedger}'s lock guards it.
 */
final class SnapshotSteps {
    /** Reading a tree takes time, so a snapshot is a span. */
    record Span(long began, long ended) {}

    /**
     * The differences between two successive snapshots.
     *
     * @param writers all that may have run in it, and a few that did not
     */
    record Step(Span from, Span to, Map<RepoPath, PathChange> changes, List<Writer> writers) {
        /** The writers that may have written in it. */
        Set<String> present() {
            Set<String> present = new TreeSet<>();
            for (Writer writer : writers) {
                if (writer.mayHaveWritten(this)) {
                    present.add(writer.job());
                }
            }
            return present;
        }
    }

    private final List<Span> spans = new ArrayList<>();
    private final List<Step> steps = new ArrayList<>();

    /** The writers that may be in the next step. */
    private final Set<Writer> recent = new LinkedHashSet<>();

    /** A writer has started, or has something more to do. It may be reported after the snapshots of that time. */
    void started(Writer writer) {
        recent.add(writer);
        for (int i = steps.size() - 1;
                i >= 0 && writer.started() - steps.get(i).to().ended() <= 0;
                i--) {
            List<Writer> writers = steps.get(i).writers();
            if (!writers.contains(writer)) {
                writers.add(writer);
            }
        }
    }

    /** @param changes against the previous snapshot; empty for the first */
    void snapshot(Span span, Collection<PathChange> changes) {
        if (!spans.isEmpty()) {
            Map<RepoPath, PathChange> byPath = new LinkedHashMap<>();
            changes.forEach(change -> byPath.put(change.path(), change));
            Step step = new Step(spans.get(spans.size() - 1), span, byPath, new ArrayList<>());
            for (Writer writer : recent) {
                if (writer.mayBeIn(step)) {
                    step.writers().add(writer);
                }
            }
            steps.add(step);
        } else if (!changes.isEmpty()) {
            throw new IllegalArgumentException("The first snapshot can't have changes");
        }
        spans.add(span);
        recent.removeIf(writer -> writer.hadEnded(span.began()));
    }

    List<Step> all() {
        return steps;
    }

    /** The writers that ran in a step and have ended without an action: a worker that reports nothing may still write. */
    Set<String> silent(Step step) {
        Set<String> silent = new TreeSet<>();
        for (Writer writer : step.writers()) {
            // What was changed before the snapshot at its start is not its own.
            long latest = (showBaseline(writer) ? step.from() : step.to()).ended();
            if (writer.ranSilently(step.from().began(), latest)) {
                silent.add(writer.job());
            }
        }
        return silent;
    }

    /** The steps that did not end before this time. */
    List<Step> after(long time) {
        return steps.subList(first(steps, step -> step.to().ended() - time >= 0), steps.size());
    }

    /** Whether a snapshot shows the tree between the writer's start and its first action, or its end. */
    boolean showBaseline(Writer writer) {
        int first = first(spans, span -> span.ended() - writer.started() >= 0);
        return first < spans.size() && !writer.mayHaveWritten(spans.get(first).ended());
    }

    /** The index of the first element, in a list in the order of time, that is late enough. */
    private static <T> int first(List<T> list, Predicate<T> late) {
        int from = 0;
        int to = list.size();
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (late.test(list.get(middle))) {
                to = middle;
            } else {
                from = middle + 1;
            }
        }
        return from;
    }
}
