package dev.codexmcp.codex.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;

/** A stream of bytes as {@link LineScanner} cuts it into lines. */
record ScannedLines(byte[] stream, List<Line> lines) {
    record Line(long start, CodexEventKind kind) {}

    static ScannedLines of(String stream) {
        return of(stream.getBytes(UTF_8));
    }

    static ScannedLines of(byte[] stream) {
        return of(stream, List.of());
    }

    /** The same stream, coming in pieces that end at {@code cuts}, which rise. */
    static ScannedLines of(byte[] stream, List<Integer> cuts) {
        List<Line> lines = new ArrayList<>();
        LineScanner scanner = new LineScanner((start, kind) -> lines.add(new Line(start, kind)));
        int from = 0;
        for (int cut : cuts) {
            scanner.scan(stream, from, cut - from);
            from = cut;
        }
        scanner.scan(stream, from, stream.length - from);
        scanner.finish();
        return new ScannedLines(stream, List.copyOf(lines));
    }

    List<CodexEventKind> kinds() {
        return lines.stream().map(Line::kind).toList();
    }

    /** Where a line's bytes end as the event log sees it: where the next one begins. */
    int end(int index) {
        return index + 1 < lines.size() ? (int) lines.get(index + 1).start() : stream.length;
    }

    /** The kind of the one line that this text is. */
    static CodexEventKind kindOf(String line) {
        List<CodexEventKind> kinds = of(line).kinds();
        if (kinds.size() != 1) {
            throw new IllegalArgumentException(kinds.size() + " lines: " + line);
        }
        return kinds.get(0);
    }
}
