package dev.codexmcp.testkit;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

/**
 * What went over a server's three streams, for the message of a failing test: all of stderr, and of stdin and stdout the most
 * recent lines, without the ends of very long ones.
 */
public final class Transcript {

    private static final int RECENT_LINES = 2000;
    private static final int LONGEST_LINE = 10_000;

    /** One of the server's streams. */
    public enum Source {
        STDIN("→"),
        STDOUT("←"),
        STDERR("!");

        private final String arrow;

        Source(String arrow) {
            this.arrow = arrow;
        }
    }

    /** A line, without its line break. */
    public record Line(Instant at, Source source, String text) {
        @Override
        public String toString() {
            return at + " " + source.arrow + " " + TestJson.cut(text);
        }
    }

    private final Deque<Line> recent = new ArrayDeque<>();
    private final List<Line> stderr = new ArrayList<>();

    synchronized void add(Source source, String text) {
        if (source == Source.STDERR) {
            stderr.add(new Line(Instant.now(), source, text));
            return;
        }
        String shown = text.length() <= LONGEST_LINE ? text : text.substring(0, LONGEST_LINE);
        recent.add(new Line(Instant.now(), source, shown));
        if (recent.size() > RECENT_LINES) {
            recent.remove();
        }
    }

    /** The lines of one stream. */
    public synchronized List<Line> lines(Source source) {
        return Stream.concat(recent.stream(), stderr.stream())
                .filter(line -> line.source() == source)
                .toList();
    }

    /** The last lines of all three streams, in the order of their times. */
    synchronized String tail() {
        List<Line> all = Stream.concat(recent.stream(), stderr.stream())
                .sorted((a, b) -> a.at().compareTo(b.at()))
                .toList();
        StringBuilder tail = new StringBuilder("\nthe last lines:");
        all.subList(Math.max(0, all.size() - 40), all.size())
                .forEach(line -> tail.append("\n  ").append(line));
        return tail.toString();
    }
}
