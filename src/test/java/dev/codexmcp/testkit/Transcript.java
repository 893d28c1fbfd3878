package dev.codexmcp.testkit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Everything that went over a server's three streams, with its time, for the message of a test that fails. */
public final class Transcript {

    /** Where a line came from. */
    public enum Stream {
        STDIN("→"),
        STDOUT("←"),
        STDERR("!");

        private final String arrow;

        Stream(String arrow) {
            this.arrow = arrow;
        }
    }

    /** A line, without its line break. */
    public record Line(Instant at, Stream stream, String text) {
        @Override
        public String toString() {
            return at + " " + stream.arrow + " " + TestJson.cut(text);
        }
    }

    private final List<Line> lines = new ArrayList<>();

    synchronized void add(Stream stream, String text) {
        lines.add(new Line(Instant.now(), stream, text));
    }

    public synchronized List<Line> lines() {
        return List.copyOf(lines);
    }

    public List<Line> lines(Stream stream) {
        return lines().stream().filter(line -> line.stream() == stream).toList();
    }

    /** The last lines of all three streams. */
    String tail() {
        List<Line> all = lines();
        StringBuilder tail = new StringBuilder("\nthe last of " + all.size() + " lines:");
        all.subList(Math.max(0, all.size() - 40), all.size())
                .forEach(line -> tail.append("\n  ").append(line));
        return tail.toString();
    }
}
