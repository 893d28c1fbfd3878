package dev.codexmcp.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.testkit.Polling;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SpareThreadsTest {
    private final String name = "spare-" + UUID.randomUUID();
    private final SpareThreads threads = new SpareThreads(name, 64 * 1024);

    /** The names of this test's live threads. */
    private List<String> alive() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(thread -> thread.startsWith(name))
                .sorted()
                .toList();
    }

    @Test
    void runsAllTasksConcurrentlyEvenWithFewSpareThreads() throws Exception {
        int tasks = 100;
        CountDownLatch together = new CountDownLatch(tasks);
        CountDownLatch done = new CountDownLatch(tasks);
        Queue<String> names = new ConcurrentLinkedQueue<>();
        for (int i = 0; i < tasks; i++) {
            threads.run(name + "-task-" + i, () -> {
                names.add(Thread.currentThread().getName());
                together.countDown();
                try {
                    together.await(); // blocks until all tasks are running
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                done.countDown();
            });
        }

        assertThat(done.await(50, TimeUnit.SECONDS)).as("%s", names).isTrue();
        assertThat(names)
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, tasks)
                        .mapToObj(i -> name + "-task-" + i)
                        .toList());
    }

    @Test
    void onlySpareThreadsRemainAfterwards() throws Exception {
        runsAllTasksConcurrentlyEvenWithFewSpareThreads();

        Polling.on("the end of all but the spares").until(this::alive, alive -> alive.size() == SpareThreads.MOST);
    }

    @Test
    void aThreadStartsSparesBeforeItRunsItsTask() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        for (int i = 0; i < 10; i++) {
            threads.run(name + "-task", () -> {
                try {
                    end.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }

        Polling.on("ten at work and some to spare")
                .until(this::alive, alive -> alive.size() == 10 + SpareThreads.LEAST);
        end.countDown();
    }

    @Test
    void reusesAThreadForTheNextTask() {
        threads.prepare();
        assertThat(alive()).hasSize(SpareThreads.LEAST);
        Queue<Thread> used = new ConcurrentLinkedQueue<>();
        for (int i = 1; i <= 50; i++) {
            int task = i;
            threads.run(name + "-task", () -> used.add(Thread.currentThread()));
            Polling.until("task " + task, () -> used.size() == task);
        }

        assertThat(used.stream().distinct().count())
                .as("threads for 50 consecutive tasks")
                .isLessThan(10);
    }

    @Test
    void aFailingTaskEndsOnlyItsOwnThread() throws Exception {
        CountDownLatch failed = new CountDownLatch(1);
        threads.run(name + "-failing", () -> {
            Thread.currentThread().setUncaughtExceptionHandler((thread, failure) -> failed.countDown());
            throw new IllegalStateException("intended");
        });
        assertThat(failed.await(50, TimeUnit.SECONDS)).isTrue();

        onlySpareThreadsRemainAfterwards();
    }
}
