package dev.codexmcp.worker;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
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
    private final Optional<ProcFs.Stat> self =
            ProcFs.stat(ProcessHandle.current().pid());

    /** By cookie: what is followed. */
    private final Map<String, Family> families = new HashMap<>();

    /** By process number: all that is known, roots among them. Some may have died. */
    private final Map<Long, Member> members = new HashMap<>();

    private int looks;

    private record Family(ProcessHandle root, Set<ProcessHandle> descendants) {}

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
        Family family = new Family(root, new LinkedHashSet<>());
        families.put(cookie, family);
        newProcesses.goBackTo(root.pid());
        ProcFs.start(root).ifPresent(start -> add(new Member(family, root, start)));
    }

    /** Looks at the processes that have been started since the last look. */
    void look() {
        for (long pid : newProcesses.look()) {
            examine(pid);
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
            Set<ProcessHandle> roots = new LinkedHashSet<>(family.descendants());
            roots.add(family.root());
            roots.forEach(root -> root.descendants().forEach(family.descendants()::add));
        }
        return Set.copyOf(family.descendants());
    }

    /** Forgets the dead, and workers of whom nothing lives. */
    void prune() {
        for (Iterator<Member> all = members.values().iterator(); all.hasNext(); ) {
            Member member = all.next();
            if (member.stat().isEmpty()) {
                all.remove();
                member.family().descendants().remove(member.handle());
                if (watchdog != null) {
                    watchdog.remove(member.handle().pid());
                }
            }
        }
        families.values()
                .removeIf(family -> !family.root().isAlive()
                        && family.descendants().stream().noneMatch(ProcessHandle::isAlive));
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
            before.family().descendants().remove(before.handle());
        }
        if (!member.handle().equals(member.family().root())) {
            member.family().descendants().add(member.handle());
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
        return familyInSession(stat.session());
    }

    /**
     * Workers begin in the server's own session; any other in which one of their processes is found, one of their processes
     * has made. While that one lives, the session's number cannot be another's.
     */
    private @Nullable Family familyInSession(long session) {
        if (self.isEmpty() || self.get().session() == session) {
            return null;
        }
        for (Member member : members.values()) {
            if (member.stat().filter(stat -> stat.session() == session).isPresent()) {
                return member.family();
            }
        }
        return null;
    }
}
