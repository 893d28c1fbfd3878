package dev.codexmcp.job;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rules by which jobs start, without a thought for speed, memory or threads. */
final class AdmissionModel {
    /** A job, as far as the rules are concerned. */
    static final class Member {
        final Job job;
        final int number;
        final boolean mayWait;
        final int priority;
        final Set<Member> unmet = new HashSet<>();
        boolean reader;
        boolean queued;
        boolean doomed;
        boolean holds;
        boolean ended;
        boolean done;
        boolean interrupted;

        /** Interrupted, and it is not known yet which job goes on. */
        boolean awaiting;

        Member(Job job, int number, Scheduling scheduling, boolean reader) {
            this.job = job;
            this.number = number;
            this.mayWait = scheduling.mayWait();
            this.priority = scheduling.priority();
            this.reader = reader;
        }
    }

    private static final Comparator<Member> ORDER =
            Comparator.comparingInt((Member member) -> -member.priority).thenComparingInt(member -> member.number);

    private final SchedulerConfig config;
    final List<Member> members = new ArrayList<>();
    boolean held;
    boolean tokensUsedUp;
    boolean closed;

    AdmissionModel(SchedulerConfig config) {
        this.config = config;
    }

    int holders() {
        return (int) members.stream().filter(member -> member.holds).count();
    }

    private List<Member> queue() {
        return members.stream().filter(member -> member.queued).toList();
    }

    private boolean isFree(boolean reader) {
        long same = members.stream()
                .filter(member -> member.holds && member.reader == reader)
                .count();
        return holders() < config.jobs() && same < (reader ? config.readers() : config.writers());
    }

    private Optional<Member> ready() {
        return queue().stream()
                .filter(member -> member.unmet.isEmpty() && !member.doomed && isFree(member.reader))
                .min(ORDER);
    }

    /** What becomes of a new job: true: it starts, false: it waits, empty: it is refused. */
    Optional<Boolean> admit(Member member, List<Member> dependencies, @Nullable Member predecessor) {
        if (closed || tokensUsedUp) {
            return Optional.empty();
        }
        boolean inherits = predecessor != null && predecessor.ended && predecessor.awaiting;
        if (inherits && predecessor != null) {
            predecessor.holds = false;
        }
        boolean met = dependencies.stream().allMatch(dependency -> dependency.done);
        boolean turn = inherits || (!held && ready().isEmpty());
        boolean now = isFree(member.reader) && (!member.mayWait || (met && turn));
        if (!now && (!member.mayWait || queue().size() >= config.queued())) {
            return Optional.empty();
        }
        members.add(member);
        member.holds = now;
        member.queued = !now;
        for (Member dependency : now ? List.<Member>of() : dependencies) {
            if (!dependency.ended || dependency.awaiting) {
                member.unmet.add(dependency);
            } else {
                member.doomed |= !dependency.done;
            }
        }
        return Optional.of(now);
    }

    void ended(Member member, boolean done) {
        member.ended = true;
        member.done = done;
        member.queued = false;
        settle(member);
    }

    private void settle(Member member) {
        if (!member.ended || member.awaiting) {
            return;
        }
        member.holds = false;
        for (Member dependent : queue()) {
            if (dependent.unmet.contains(member)) {
                dependent.doomed |= !member.done;
                if (member.done) {
                    dependent.unmet.remove(member);
                }
            }
        }
    }

    void succeeded(Member old, @Nullable Member heir) {
        old.awaiting = false;
        if (heir != null && !old.done) {
            for (Member dependent : queue()) {
                if (dependent.unmet.remove(old)) {
                    dependent.unmet.add(heir);
                }
            }
        }
        settle(old);
    }

    /** A job and why it ends; empty: it starts. */
    record Next(Member member, Optional<EndCause> ending) {}

    Optional<Next> next() {
        Optional<Member> doomed =
                queue().stream().filter(member -> member.doomed).min(ORDER);
        if (closed || doomed.isPresent()) {
            return closed ? Optional.empty() : doomed.map(member -> new Next(member, Optional.of(EndCause.DEPENDENCY)));
        }
        if (tokensUsedUp) {
            return queue().stream().findFirst().map(member -> new Next(member, Optional.of(EndCause.TOKENS)));
        }
        return held ? Optional.empty() : ready().map(member -> new Next(member, Optional.empty()));
    }
}
