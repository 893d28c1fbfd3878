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

    /** The threads there are, by their names, which begin with this test's own. */
    private List<String> alive() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(thread -> thread.startsWith(name))
                .sorted()
                .toList();
    }

    @Test
    void allRunAtOnceHoweverFewAreToSpare() throws Exception {
        int tasks = 100;
        CountDownLatch together = new CountDownLatch(tasks);
        CountDownLatch done = new CountDownLatch(tasks);
        Queue<String> names = new ConcurrentLinkedQueue<>();
        for (int i = 0; i < tasks; i++) {
            threads.run(name + "-task-" + i, () -> {
                names.add(Thread.currentThread().getName());
                together.countDown();
                try {
                    together.await(); // which none of them would get past alone
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
    void afterwardsOnlyTheSparesAreLeft() throws Exception {
        allRunAtOnceHoweverFewAreToSpare();

        Polling.on("the end of all but the spares").until(this::alive, alive -> alive.size() == SpareThreads.MOST);
    }

    @Test
    void whoeverIsPutToWorkSeesThatOthersAreReady() throws Exception {
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
    void aThreadThatIsDoneTakesTheNextTask() {
        threads.prepare();
        assertThat(alive()).hasSize(SpareThreads.LEAST);
        Queue<Thread> used = new ConcurrentLinkedQueue<>();
        for (int i = 1; i <= 50; i++) {
            int task = i;
            threads.run(name + "-task", () -> used.add(Thread.currentThread()));
            Polling.until("task " + task, () -> used.size() == task);
        }

        assertThat(used.stream().distinct().count())
                .as("threads for 50 tasks, one after the other")
                .isLessThan(10);
    }

    @Test
    void aTaskThatFailsTakesItsThreadAlone() throws Exception {
        CountDownLatch failed = new CountDownLatch(1);
        threads.run(name + "-failing", () -> {
            Thread.currentThread().setUncaughtExceptionHandler((thread, failure) -> failed.countDown());
            throw new IllegalStateException("meant to");
        });
        assertThat(failed.await(50, TimeUnit.SECONDS)).isTrue();

        afterwardsOnlyTheSparesAreLeft();
    }
}
