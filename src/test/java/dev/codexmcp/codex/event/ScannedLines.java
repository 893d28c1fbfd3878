package dev.codexmcp.codex.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;

/** A stream of bytes, split into lines by {@link LineScanner}. */
record ScannedLines(byte[] stream, List<Line> lines) {
    record Line(long start, CodexEventKind kind) {}

    static ScannedLines of(String stream) {
        return of(stream.getBytes(UTF_8));
    }

    static ScannedLines of(byte[] stream) {
        return of(stream, List.of());
    }

    /** The same stream, scanned in chunks that end at {@code cuts}, in ascending order. */
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

    /** The end of a line as the event log sees it: the start of the next one. */
    int end(int index) {
        return index + 1 < lines.size() ? (int) lines.get(index + 1).start() : stream.length;
    }

    /** The kind of a single line. */
    static CodexEventKind kindOf(String line) {
        List<CodexEventKind> kinds = of(line).kinds();
        if (kinds.size() != 1) {
            throw new IllegalArgumentException(kinds.size() + " lines: " + line);
        }
        return kinds.get(0);
    }
}
