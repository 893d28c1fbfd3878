package dev.codexmcp.job.log;

import dev.codexmcp.codex.event.CodexEventKind;
import dev.codexmcp.codex.event.EventLines;
import dev.codexmcp.json.ByteSlice;

/** A log as it was at one moment, with the last event of each kind. */
final class LinesAtOnce implements EventLines {
    private final LogReader reader;
    private final int[] lastOfKinds;

    /** @param lastOfKinds by the kinds' ordinals */
    LinesAtOnce(LogReader reader, int[] lastOfKinds) {
        this.reader = reader;
        this.lastOfKinds = lastOfKinds;
    }

    @Override
    public int size() {
        return reader.size();
    }

    @Override
    public CodexEventKind kind(int index) {
        return reader.kind(index);
    }

    @Override
    public long time(int index) {
        return reader.time(index);
    }

    @Override
    public ByteSlice line(int index) {
        return reader.line(index);
    }

    @Override
    public int last(CodexEventKind kind) {
        int last = lastOfKinds[kind.ordinal()];
        return last < reader.size() ? last : -1; // a log without memory may have an event that it could not publish
    }
}
