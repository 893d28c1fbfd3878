package dev.codexmcp.codex.event;

import dev.codexmcp.json.ByteSlice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The events of a worker that printed these lines, one per second, after its spawn event. */
final class EventList implements EventLines {
    static final long START = 1_795_000_000_000L;

    private static final Path RECORDINGS = Path.of("src/test/resources/codex-0.169.0");

    private final List<CodexEventKind> kinds = new ArrayList<>(List.of(CodexEventKind.SPAWNED));
    private final List<ByteSlice> lines = new ArrayList<>(List.of(ByteSlice.EMPTY));
    private final int[] last = new int[CodexEventKind.values().length];
    private int linesRead;

    private EventList() {
        Arrays.fill(last, -1);
        last[CodexEventKind.SPAWNED.ordinal()] = 0;
    }

    static EventList of(String... lines) {
        return of(List.of(lines));
    }

    static EventList of(List<String> lines) {
        EventList events = new EventList();
        lines.forEach(events::add);
        return events;
    }

    /** The lines of a recording. */
    static List<String> recorded(String name) {
        try {
            return Files.readAllLines(RECORDINGS.resolve(name + ".jsonl"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void add(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        LineScanner scanner = new LineScanner((start, kind) -> {
            last[kind.ordinal()] = kinds.size();
            kinds.add(kind);
            lines.add(ByteSlice.of(bytes));
        });
        scanner.scan(bytes, 0, bytes.length);
        scanner.finish();
    }

    /** How many lines were read. */
    int linesRead() {
        return linesRead;
    }

    @Override
    public int size() {
        return kinds.size();
    }

    @Override
    public CodexEventKind kind(int index) {
        return kinds.get(index);
    }

    @Override
    public long time(int index) {
        return START + index * 1000L;
    }

    @Override
    public ByteSlice line(int index) {
        linesRead++;
        return lines.get(index);
    }

    @Override
    public int last(CodexEventKind kind) {
        return last[kind.ordinal()];
    }
}
