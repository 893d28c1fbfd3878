package dev.codexmcp.mcp.stdio;

import dev.codexmcp.mcp.jsonrpc.MessageParser;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** Splitting and parsing requests: a thousand pings. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class LineReaderBenchmark {
    private final byte[] input =
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"ping\",\"arguments\":{\"message\":\"x\"}}}\n"
                    .repeat(1000)
                    .getBytes(StandardCharsets.UTF_8);

    @Benchmark
    public void frame(Blackhole hole) throws IOException {
        LineReader lines = new LineReader(new ByteArrayInputStream(input));
        for (LineReader.Line line = lines.next(); line != null; line = lines.next()) {
            hole.consume(line);
        }
    }

    @Benchmark
    public void frameAndRead(Blackhole hole) throws IOException {
        LineReader lines = new LineReader(new ByteArrayInputStream(input));
        for (LineReader.Line line = lines.next(); line != null; line = lines.next()) {
            hole.consume(MessageParser.read(line));
        }
    }
}
