package dev.codexmcp.codex.event;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** Scanning a worker's output on arrival: a megabyte of lines in pieces as read from a pipe. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class LineScannerBenchmark {
    private static final int SIZE = 1 << 20;
    private static final int READ = 64 * 1024;

    @Param({"200", "2000"})
    private int lineLength;

    private byte[] output = new byte[0];

    @Setup
    public void fill() {
        String line =
                "{\"type\":\"item.completed\",\"item\":{\"id\":\"item_1\",\"type\":\"agent_message\",\"text\":\"%s\"}}\n";
        String filled = String.format(line, "x".repeat(lineLength - line.length() + 2));
        output = filled.repeat(SIZE / filled.length()).getBytes(StandardCharsets.UTF_8);
    }

    @Benchmark
    public void scan(Blackhole hole) {
        LineScanner scanner = new LineScanner((start, kind) -> hole.consume(kind));
        for (int at = 0; at < output.length; at += READ) {
            scanner.scan(output, at, Math.min(READ, output.length - at));
        }
    }
}
