package dev.codexmcp.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.codex.CodexCommand;
import dev.codexmcp.codex.Sandbox;
import dev.codexmcp.codex.WorkerOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** The queue starts what a plain list sorted by priority would start. */
class JobQueueTest {
    private static Job job(int priority, boolean readOnly) {
        Sandbox sandbox = readOnly ? Sandbox.READ_ONLY : Sandbox.WORKSPACE_WRITE;
        Scheduling scheduling = new Scheduling(true, priority, List.of(), Limits.NONE);
        CodexCommand command = CodexCommand.exec("do it", WorkerOptions.NONE, sandbox);
        JobSpec spec = new JobSpec(command, WorkerOptions.NONE, sandbox, Optional.empty(), Map.of()).with(scheduling);
        return new Job("job", spec, new EndSteps());
    }

    @Property(tries = 300)
    void theHighestPriorityComesFirstAndEqualOnesInTheirOrder(
            @ForAll @Size(max = 60) List<@IntRange(min = 0, max = 99) Integer> steps) {
        JobQueue queue = new JobQueue();
        List<Job> model = new ArrayList<>();
        for (int step : steps) {
            if (step < 60) {
                Job job = job(step % 3, step % 2 == 0);
                long before = model.stream()
                        .filter(each -> each.spec().scheduling().priority()
                                >= job.spec().scheduling().priority())
                        .count();
                assertThat(queue.add(job, List.of())).isEqualTo((int) before + 1);
                model.add(job);
            } else if (step < 75 && !model.isEmpty()) {
                queue.remove(model.remove(step % model.size()));
            } else {
                boolean reader = step % 4 != 0;
                boolean writer = step % 4 != 1;
                Optional<Job> expected = model.stream()
                        .filter(job -> JobQueue.isReadOnly(job) ? reader : writer)
                        .max(Comparator.comparingInt(
                                        (Job job) -> job.spec().scheduling().priority())
                                .thenComparing(Comparator.comparingInt((Job job) -> model.indexOf(job))
                                        .reversed()));
                Job next = queue.next(reader, writer, List.of());
                assertThat(Optional.ofNullable(next)).isEqualTo(expected);
                expected.ifPresent(job -> {
                    queue.remove(job);
                    model.remove(job);
                });
            }
            assertThat(queue.size()).isEqualTo(model.size());
        }
    }

    @Example
    void aJobWaitsForAllThatItDependsOn() {
        JobQueue queue = new JobQueue();
        Job first = job(0, true);
        Job second = job(0, true);
        Job last = job(100, true);
        queue.add(last, List.of(first, second));
        assertThat(queue.next(true, true, List.of())).isNull();

        queue.ended(first, true);
        assertThat(queue.next(true, true, List.of())).isNull();
        Job heir = job(0, true);
        queue.inherit(second, heir);
        queue.ended(second, false);
        assertThat(queue.firstDoomed()).isNull();
        queue.ended(heir, true);
        assertThat(queue.next(true, true, List.of())).isSameAs(last);
    }

    private static Job writing(String path) {
        Place place = new Place(
                false, Optional.empty(), List.of(new Claim(path, Path.of("/r").resolve(path), path.equals("src"))));
        Job job = job(0, false);
        return new Job(path, job.spec().at(place), new EndSteps());
    }

    @Example
    void aJobWaitsForARunningOneWithItsPathsAndIsNotOvertakenByOneThatOverlaps() {
        JobQueue queue = new JobQueue();
        Job running = writing("src/a");
        Job waiting = writing("src");
        Job meetsWaiting = writing("src/b");
        Job other = writing("lib/a");
        queue.add(waiting, List.of());
        queue.add(meetsWaiting, List.of());
        queue.add(other, List.of());

        assertThat(queue.next(true, true, List.of(running))).isSameAs(other);
        assertThat(queue.meets(writing("src/c").spec().place())).isTrue();
        assertThat(queue.meets(writing("lib/b").spec().place())).isFalse();
        queue.remove(other);
        assertThat(queue.next(true, true, List.of(running))).isNull();
        assertThat(queue.next(true, true, List.of())).isSameAs(waiting);
    }

    @Example
    void aJobIsDoomedWhenOneThatItDependsOnDidNotEndWell() {
        JobQueue queue = new JobQueue();
        Job first = job(0, true);
        Job last = job(0, true);
        queue.add(last, List.of(first));

        queue.ended(first, false);

        assertThat(queue.firstDoomed()).isSameAs(last);
        assertThat(queue.firstDoomed()).as("until it has ended").isSameAs(last);
        queue.remove(last);
        assertThat(queue.firstDoomed()).isNull();
    }
}
