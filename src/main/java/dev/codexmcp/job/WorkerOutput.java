package dev.codexmcp.job;

import dev.codexmcp.codex.event.ChangedFiles;
import dev.codexmcp.codex.event.CodexEventKind;
import dev.codexmcp.codex.event.LineText;
import dev.codexmcp.job.log.EventDigest;
import dev.codexmcp.job.log.EventLog;
import dev.codexmcp.job.log.LogReader;
import dev.codexmcp.job.log.OwnEvents;
import dev.codexmcp.json.ByteSlice;
import dev.codexmcp.worker.TailBuffer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** All that a job's worker has said so far, and what can be read off it. */
public final class WorkerOutput {
    /** How much of the raw output is kept of standard error, and shown of each stream, in bytes. */
    private static final int TAIL = 2 * 1024 * 1024;

    /** How much of each of a worker's utterances goes on to its successor, in characters. */
    private static final int SAID_LENGTH = 1500;

    private final EventLog events;
    private final TailBuffer stderr = new TailBuffer(TAIL);

    /** @param onFull run when the heap can't hold more; see {@link EventLog} */
    WorkerOutput(OwnEvents own, Runnable onFull) {
        events = new EventLog(own, onFull);
    }

    public EventLog events() {
        return events;
    }

    TailBuffer stderr() {
        return stderr;
    }

    /** Whether the server's heap could not hold all of it. */
    public boolean outOfMemory() {
        return events.has(CodexEventKind.OUT_OF_MEMORY);
    }

    /** Whether the worker has finished its task, as it says itself. */
    boolean turnCompleted() {
        return events.has(CodexEventKind.TURN_COMPLETED);
    }

    /** The last agent message so far. */
    public Optional<String> lastMessage() {
        return LineText.message(events.lastLine(CodexEventKind.AGENT_MESSAGE));
    }

    /** What the worker said went wrong, as far as it did: its turn's failure, else its last error. */
    public Optional<String> lastError() {
        ByteSlice failure = events.lastLine(CodexEventKind.TURN_FAILED);
        return failure.length() > 0
                ? LineText.turnFailure(failure)
                : LineText.error(events.lastLine(CodexEventKind.ERROR));
    }

    /** The files that the worker's patches touched, in order; what its shell commands wrote is not among them. */
    public List<String> changedFiles() {
        LogReader reader = events.reader();
        Set<String> files = new LinkedHashSet<>();
        for (int i = 0; i < reader.size(); i++) {
            if (reader.kind(i) == CodexEventKind.FILE_CHANGE_RESULT) {
                files.addAll(ChangedFiles.in(reader.line(i)));
            }
        }
        return List.copyOf(files);
    }

    /** What the worker is doing, in a few words, as far as the events from {@code from} on show it. */
    public Optional<String> activity(int from) {
        return EventDigest.activity(events.reader(), from);
    }

    /** The last {@code most} of the worker's messages, errors and progress, oldest first, a text each. */
    public List<String> said(int most) {
        return EventDigest.said(events.reader(), most, SAID_LENGTH);
    }

    /** The CLI's name for the conversation, by which it can be resumed. */
    public Optional<String> threadId() {
        return LineText.threadId(events.lastLine(CodexEventKind.THREAD_STARTED));
    }

    /** The end of what the worker printed on standard output, up to 2 MiB. */
    public String stdoutTail() {
        return TailBuffer.text(events.tail(TAIL));
    }

    /** The end of what the worker printed on standard error, up to 2 MiB. */
    public String stderrTail() {
        return stderr.text();
    }

    /** The last lines of what the worker printed on standard error, {@code most} at most, without those that say nothing. */
    public List<String> lastStderrLines(int most) {
        List<String> lines = stderr.text()
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.equals(LineText.STDIN_NOTICE))
                .toList();
        return lines.subList(Math.max(0, lines.size() - most), lines.size());
    }
}
