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
 * Tracks the descendants of each worker by examining every new process on the machine soon after it starts. A process
 * belongs to a worker in any of three cases:
 *
 * <ul>
 *   <li>its parent belongs to the worker: this link is lost when the parent dies;
 *   <li>it has the worker's cookie in its environment: this is lost if the process clears its environment, and only
 *       root can read it from a process that is not dumpable;
 *   <li>it is in a session that a process of the worker created: this is lost if it creates a session of its own.
 * </ul>
 *
 * <p>Once seen, a process stays known by its ID and start time, whatever it loses later. Without {@code /proc}, only
 * parentage at the time of the query counts.
 *
 * <p>Not thread-safe.
 */
final class DescendantTracker {
    /** How many looks pass before dead processes are forgotten. */
    private static final int LOOKS_BETWEEN_PRUNES = 25;

    private final String variable;
    private final @Nullable Watchdog watchdog;
    private final NewProcesses newProcesses = new NewProcesses();
    private final Optional<ProcFs.Stat> self = self();

    /** The workers followed, by cookie. */
    private final Map<String, Family> families = new HashMap<>();

    /** All known processes, including roots, by process ID. Some may have died. */
    private final Map<Long, Member> members = new HashMap<>();

    private int looks;

    /** Computed on demand for the current look. */
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
     * @param variable the environment variable that holds cookies
     * @param watchdog kept informed of all known processes, unless null
     */
    DescendantTracker(String variable, @Nullable Watchdog watchdog) {
        this.variable = variable;
        this.watchdog = watchdog;
    }

    /** Follows a worker's descendants, including those that already exist. */
    void follow(ProcessHandle root, String cookie) {
        Family family = new Family(root);
        families.put(cookie, family);
        newProcesses.goBackTo(root.pid());
        ProcFs.start(root).ifPresent(start -> add(new Member(family, root, start)));
    }

    /** Examines the processes started since the last look. */
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

    /** The known descendants of the worker with this cookie, as of the last {@link #look}; some may have died. */
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

    /**
     * The worker's end has been reported, so its descendants are no longer needed. They stay known while they are
     * running.
     */
    void release(String cookie) {
        Family family = families.get(cookie);
        if (family != null) {
            family.released = true;
        }
    }

    /** Forgets dead processes, and released workers that have no running descendants. */
    void prune() {
        List<Member> dead = members.values().stream()
                .filter(member -> member.stat().isEmpty())
                .toList();
        if (!dead.isEmpty() && !canRead()) {
            return; // unreadable, not necessarily dead
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

    /** Without free file descriptors every process seems dead, including this one. */
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
            // Check again: the process ID may have been reused before the handle was made.
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

    /** The processes that may adopt a worker's orphan: the system chooses one of this process's ancestors. */
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
     * The sessions that workers' processes have created, with their owners. Workers start in the server's own session,
     * so any other session that contains one of their processes is theirs; its ID cannot be reused while that process
     * is running.
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
