package dev.codexmcp.job;

import dev.codexmcp.codex.event.CodexEventKind;
import dev.codexmcp.codex.event.EventLines;
import dev.codexmcp.json.ByteSlice;

/**
 * A view of events in which only those from an index on count as the last of their kind.
 *
 * @param from the index of the first one that counts
 */
record LaterLines(EventLines all, int from) implements EventLines {
    @Override
    public int size() {
        return all.size();
    }

    @Override
    public CodexEventKind kind(int index) {
        return all.kind(index);
    }

    @Override
    public long time(int index) {
        return all.time(index);
    }

    @Override
    public ByteSlice line(int index) {
        return all.line(index);
    }

    @Override
    public int last(CodexEventKind kind) {
        int last = all.last(kind);
        return last >= from ? last : -1;
    }
}
