package dev.codexmcp.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@SuppressWarnings("NullAway") // which does not see in a class file that an array may be null
class DepthLimitedLauncherTest {
    private static final WorkerCommand COMMAND =
            new WorkerCommand("job", "/bin/codex", List.of(), Set.of(), Map.of(), null, WorkerPlace.DEFAULT);

    private final Counting inner = new Counting();
    private final AtomicInteger counts = new AtomicInteger();

    /** Starts nothing, and counts how often it was to. */
    private static final class Counting implements WorkerLauncher {
        private int starts;
        private int others;

        @Override
        public void prepare() {
            others++;
        }

        @Override
        public Cookie cookie(String name, WorkerPlace place) {
            return new Cookie("MARK", "server/" + name);
        }

        @Override
        public Worker start(WorkerCommand command, OutputSink out, OutputSink err, WorkerListener listener) {
            starts++;
            return force -> {};
        }

        @Override
        public Worker rehearse(WorkerCommand command, OutputSink out, OutputSink err, Consumer<ExitStatus> onEnd) {
            others++;
            return force -> {};
        }

        @Override
        public void close() {
            others++;
        }
    }

    private DepthLimitedLauncher launcher(int depth, int limit) {
        return new DepthLimitedLauncher(inner, limit, () -> {
            counts.incrementAndGet();
            return depth;
        });
    }

    private static void start(WorkerLauncher launcher) throws StartException {
        launcher.start(COMMAND, new TailBuffer(1), new TailBuffer(1), new WorkerListener() {
            @Override
            public void running(Optional<String> host) {}

            @Override
            public void ended(WorkerEnd end) {}
        });
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 2", "5, 2147483647"})
    void aServerBelowTheLimitStartsWorkersAndCountsOnce(int depth, int limit) throws Exception {
        DepthLimitedLauncher launcher = launcher(depth, limit);

        start(launcher);
        start(launcher);

        assertThat(inner.starts).isEqualTo(2);
        assertThat(counts).hasValue(1);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 1", "3, 1"})
    void aServerAtTheLimitStartsNone(int depth, int limit) {
        DepthLimitedLauncher launcher = launcher(depth, limit);

        TooDeepException refused = catchThrowableOfType(TooDeepException.class, () -> start(launcher));

        assertThat(refused.depth()).isEqualTo(depth);
        assertThat(refused.limit()).isEqualTo(limit);
        assertThat(inner.starts).isZero();
    }

    @Test
    void nothingIsCountedBeforeTheFirstStart() throws Exception {
        DepthLimitedLauncher launcher = launcher(1, 1);

        launcher.prepare();
        launcher.rehearse(COMMAND, new TailBuffer(1), new TailBuffer(1), end -> {});
        launcher.close();

        assertThat(inner.others).isEqualTo(3);
        assertThat(launcher.cookie("job", WorkerPlace.DEFAULT)).isEqualTo(new Cookie("MARK", "server/job"));
        assertThat(counts).hasValue(0);
    }

    @Test
    void theMarkInTheEnvironmentCounts() {
        DepthLimitedLauncher launcher = new DepthLimitedLauncher(inner, 2, Map.of(LocalLauncher.COOKIE, "a/1 b/2"));

        assertThat(catchThrowableOfType(TooDeepException.class, () -> start(launcher))
                        .depth())
                .isGreaterThanOrEqualTo(2);
    }
}
