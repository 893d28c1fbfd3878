package dev.codexmcp.job.log;

import dev.codexmcp.json.ByteSlice;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Writing a page of 2000 events of 200 bytes as the content of a JSON string. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class EventPageBenchmark {
    private static final int EVENTS = 20_000;

    private static final EventWording WORDING = new EventWording() {
        @Override
        public String howToGetWhole(int index) {
            return "";
        }

        @Override
        public String outOfMemory() {
            return "";
        }
    };

    private final EventLog log = new EventLog(kind -> json -> {}, () -> {});

    @Setup
    public void fill() {
        String line =
                "{\"type\":\"item.completed\",\"item\":{\"id\":\"item_1\",\"type\":\"agent_message\",\"text\":\"%s\"}}\n";
        byte[] bytes = String.format(line, "x".repeat(110)).getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < EVENTS; i++) {
            for (int done = 0; done < bytes.length; ) {
                ByteBuffer room = log.room();
                int count = Math.min(room.remaining(), bytes.length - done);
                room.put(bytes, done, count);
                log.filled(count);
                done += count;
            }
        }
    }

    @Benchmark
    public ByteSlice page() {
        return EventPage.escaped(log, new EventQuery(EVENTS / 2, 2000, Long.MAX_VALUE, false, Set.of()), WORDING);
    }
}
