package dev.codexmcp.tool;

import dev.codexmcp.job.Boss;
import dev.codexmcp.job.JobSpec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * The order in which the jobs of a group are spawned: as given, but each after those of the group that it depends on. Labels
 * of the group stand for jobs in {@code dependsOn}.
 */
final class GroupPlan {
    /** What an entry asks for, or why it was refused. */
    record Wish(Optional<JobSpec> spec, Optional<String> error, Optional<String> label) {
        Wish by(Optional<Boss> boss) {
            return new Wish(spec.map(job -> job.by(boss)), error, label);
        }
    }

    private final List<Wish> wishes;

    /** The entry of each label, or -1 if several entries have it. */
    private final Map<String, Integer> labels = new HashMap<>();

    private final List<List<Integer>> dependencies = new ArrayList<>();
    private final List<List<Integer>> dependents = new ArrayList<>();

    /** How many dependencies each entry still waits for; {@link #order} counts down. */
    private final int[] unmet;

    GroupPlan(List<Wish> wishes) {
        this.wishes = wishes;
        this.unmet = new int[wishes.size()];
        for (int i = 0; i < wishes.size(); i++) {
            int entry = i;
            wishes.get(i).label().ifPresent(label -> labels.merge(label, entry, (one, other) -> -1));
            dependents.add(new ArrayList<>());
        }
        for (int i = 0; i < wishes.size(); i++) {
            dependencies.add(known(i));
            for (int dependency : dependencies(i)) {
                dependents.get(dependency).add(i);
                unmet[i]++;
            }
        }
    }

    private List<String> dependsOn(int entry) {
        return wishes.get(entry)
                .spec()
                .map(spec -> spec.scheduling().dependsOn())
                .orElse(List.of());
    }

    private List<Integer> known(int entry) {
        return dependsOn(entry).stream()
                .map(name -> labels.getOrDefault(name, -1))
                .filter(index -> index >= 0)
                .distinct()
                .toList();
    }

    /** The entries of the group that this one depends on. */
    List<Integer> dependencies(int entry) {
        return dependencies.get(entry);
    }

    /** The first label in this entry's dependencies that several entries have. */
    Optional<String> ambiguous(int entry) {
        return dependsOn(entry).stream()
                .filter(name -> labels.getOrDefault(name, 0) < 0)
                .findFirst();
    }

    /** The entry's dependencies with jobs in place of labels. */
    List<String> jobIds(int entry, Map<Integer, String> spawned) {
        return dependsOn(entry).stream()
                .map(name -> {
                    Integer index = labels.get(name);
                    return index == null ? name : spawned.getOrDefault(index, name);
                })
                .toList();
    }

    /** The order in which to spawn. Leaves out entries that wait for each other, and those that wait for them. May be called once. */
    List<Integer> order() {
        PriorityQueue<Integer> ready = new PriorityQueue<>();
        for (int i = 0; i < unmet.length; i++) {
            if (unmet[i] == 0) {
                ready.add(i);
            }
        }
        List<Integer> order = new ArrayList<>();
        for (Integer next = ready.poll(); next != null; next = ready.poll()) {
            order.add(next);
            for (int dependent : dependents.get(next)) {
                if (--unmet[dependent] == 0) {
                    ready.add(dependent);
                }
            }
        }
        return order;
    }

    /** The entries that wait for each other in a circle; call {@link #order} first. */
    Set<Integer> circles() {
        Set<Integer> left = new HashSet<>();
        for (int i = 0; i < unmet.length; i++) {
            if (unmet[i] > 0) {
                left.add(i);
            }
        }
        // An entry that no remaining entry waits for is not part of a circle: it only waits for one.
        int[] waiting = new int[unmet.length];
        left.forEach(entry -> dependencies(entry).forEach(dependency -> waiting[dependency]++));
        Deque<Integer> ends = new ArrayDeque<>(
                left.stream().filter(entry -> waiting[entry] == 0).toList());
        for (Integer entry = ends.poll(); entry != null; entry = ends.poll()) {
            left.remove(entry);
            for (int dependency : dependencies(entry)) {
                if (--waiting[dependency] == 0 && left.contains(dependency)) {
                    ends.add(dependency);
                }
            }
        }
        return left;
    }
}
