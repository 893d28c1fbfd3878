package dev.codexmcp.worker;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Knows what each worker has started, since it looks at every new process of this machine while it is new. A process is a
 * worker's in three cases:
 *
 * <ul>
 *   <li>its parent is the worker's: this is lost when the parent dies;
 *   <li>it carries the worker's cookie in its environment: this is lost by who drops the environment, and cannot be read of a
 *       process that is not dumpable, except by root;
 *   <li>it is in a session that a process of the worker has made: this is lost by who makes a session of its own.
 * </ul>
 *
 * <p>What has once been seen as a worker's stays known, whatever it loses later, by number and start time. Where there is no
 * {@code /proc}, parentage at the moment of asking has to do.
 *
 * <p>Not safe for threads.
 */
final class DescendantTracker {
    /** This many looks pass before it is noticed that processes have ended. */
    private static final int LOOKS_BETWEEN_PRUNES = 25;

    private final String variable;
    private final @Nullable Watchdog watchdog;
    private final NewProcesses newProcesses = new NewProcesses();
    private final Optional<ProcFs.Stat> self = self();

    /** By cookie: what is followed. */
    private final Map<String, Family> families = new HashMap<>();

    /** By process number: all that is known, roots among them. Some may have died. */
    private final Map<Long, Member> members = new HashMap<>();

    private int looks;

    /** Of the present look; null where nobody has asked yet. */
    private @Nullable Map<Long, Family> sessions;

    private @Nullable Set<Long> reapers;

    private static final class Family {
        private final ProcessHandle root;
        private final Set<ProcessHandle> descendants = new LinkedHashSet<>();
        private boolean released;

        Family(ProcessHandle root) {
            this.root = root;
        }
    }

    private record Member(Family family, ProcessHandle handle, long start) {
        Optional<ProcFs.Stat> stat() {
            return ProcFs.stat(handle.pid()).filter(stat -> stat.start() == start && stat.isRunning());
        }
    }

    /**
     * @param variable of the environment, in which cookies stand
     * @param watchdog told what is known, where there is one
     */
    DescendantTracker(String variable, @Nullable Watchdog watchdog) {
        this.variable = variable;
        this.watchdog = watchdog;
    }

    /** Follows what a worker starts, and has started already. */
    void follow(ProcessHandle root, String cookie) {
        Family family = new Family(root);
        families.put(cookie, family);
        newProcesses.goBackTo(root.pid());
        ProcFs.start(root).ifPresent(start -> add(new Member(family, root, start)));
    }

    /** Looks at the processes that have been started since the last look. */
    void look() {
        sessions = null;
        reapers = null;
        List<Long> pids = newProcesses.look();
        pids.forEach(this::examine);
        if (!pids.isEmpty() && !canRead()) {
            newProcesses.startOver();
        }
        if (++looks % LOOKS_BETWEEN_PRUNES == 0) {
            prune();
        }
    }

    /** What the worker of this cookie is known to have started, as of the last {@link #look}; some may have died. */
    Set<ProcessHandle> descendants(String cookie) {
        Family family = families.get(cookie);
        if (family == null) {
            return Set.of();
        }
        if (self.isEmpty()) { // no /proc
            Set<ProcessHandle> roots = new LinkedHashSet<>(family.descendants);
            roots.add(family.root);
            roots.forEach(root -> root.descendants().forEach(family.descendants::add));
        }
        return Set.copyOf(family.descendants);
    }

    /** The worker's end has been told: nobody will ask for its descendants any more. They stay known while they live. */
    void release(String cookie) {
        Family family = families.get(cookie);
        if (family != null) {
            family.released = true;
        }
    }

    /** Forgets the dead, and released workers of whom nothing lives. */
    void prune() {
        List<Member> dead = members.values().stream()
                .filter(member -> member.stat().isEmpty())
                .toList();
        if (!dead.isEmpty() && !canRead()) {
            return; // who knows
        }
        for (Member member : dead) {
            members.remove(member.handle().pid());
            member.family().descendants.remove(member.handle());
            if (watchdog != null) {
                watchdog.remove(member.handle().pid());
            }
        }
        families.values().removeIf(family -> family.released && family.descendants.isEmpty());
    }

    private static Optional<ProcFs.Stat> self() {
        return ProcFs.stat(ProcessHandle.current().pid());
    }

    /** Without descriptors to spare all processes seem dead, this one too. */
    private boolean canRead() {
        return self.isEmpty() || self().isPresent();
    }

    private void examine(long pid) {
        Optional<ProcFs.Stat> stat = ProcFs.stat(pid).filter(read -> !read.thread() && read.isRunning());
        if (stat.isEmpty()) {
            return;
        }
        Member known = members.get(pid);
        if (known != null && known.start() == stat.get().start()) {
            return;
        }
        Family family = familyOf(pid, stat.get());
        Optional<ProcessHandle> handle = family == null ? Optional.empty() : ProcessHandle.of(pid);
        if (family != null && handle.isPresent()) {
            Member member = new Member(family, handle.get(), stat.get().start());
            // Once more: the number may have changed hands before the handle was made.
            if (member.stat().isPresent()) {
                add(member);
            }
        }
    }

    private void add(Member member) {
        Member before = members.put(member.handle().pid(), member);
        if (before != null) {
            before.family().descendants.remove(before.handle());
        }
        if (!member.handle().equals(member.family().root)) {
            member.family().descendants.add(member.handle());
        }
        if (watchdog != null) {
            watchdog.add(member.handle().pid(), member.start());
        }
    }

    private @Nullable Family familyOf(long pid, ProcFs.Stat stat) {
        Member parent = members.get(stat.parent());
        if (parent != null && parent.stat().isPresent()) {
            return parent.family();
        }
        for (String cookie : ProcFs.cookies(pid, variable)) {
            Family family = families.get(cookie);
            if (family != null) {
                return family;
            }
        }
        return reapers().contains(stat.parent()) ? sessions().get(stat.session()) : null;
    }

    /** Who may become the parent of a worker's orphan: those above this process, one of whom the system chooses. */
    private Set<Long> reapers() {
        if (reapers == null) {
            reapers = new LinkedHashSet<>();
            Optional<ProcFs.Stat> stat = self();
            while (stat.isPresent() && reapers.add(stat.get().parent())) {
                stat = ProcFs.stat(stat.get().parent());
            }
        }
        return reapers;
    }

    /**
     * The sessions that workers' processes have made, and whose they are. Workers begin in the server's own session, so any
     * other in which one of their processes is found is of their making; while that one lives, its number is no other's.
     */
    private Map<Long, Family> sessions() {
        if (sessions == null) {
            sessions = new HashMap<>();
            for (Member member : members.values()) {
                member.stat().ifPresent(stat -> Objects.requireNonNull(sessions).put(stat.session(), member.family()));
            }
            self.ifPresent(stat -> Objects.requireNonNull(sessions).remove(stat.session()));
        }
        return sessions;
    }
}
