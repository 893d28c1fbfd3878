package dev.codexmcp.job;

import dev.codexmcp.codex.event.Activity;
import dev.codexmcp.codex.event.ChangedFiles;
import dev.codexmcp.codex.event.CodexEventKind;
import dev.codexmcp.codex.event.Failure;
import dev.codexmcp.codex.event.LineText;
import dev.codexmcp.codex.event.StderrText;
import dev.codexmcp.job.log.EventDigest;
import dev.codexmcp.job.log.EventLog;
import dev.codexmcp.job.log.LogReader;
import dev.codexmcp.job.log.OwnEvents;
import dev.codexmcp.json.ByteSlice;
import dev.codexmcp.worker.TailBuffer;
import java.time.ZoneId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** The output of a job's worker so far, and facts read from it. */
public final class WorkerOutput {
    /** How many bytes to keep of standard error, and to show of each stream. */
    private static final int TAIL = 2 * 1024 * 1024;

    /** How many characters of each message to pass on to a successor. */
    private static final int SAID_LENGTH = 1500;

    private final EventLog events;
    private final TailBuffer stderr = new TailBuffer(TAIL);

    /** @param onFull runs when the heap can't hold more; see {@link EventLog} */
    WorkerOutput(OwnEvents own, Runnable onFull) {
        events = new EventLog(own, onFull);
    }

    public EventLog events() {
        return events;
    }

    TailBuffer stderr() {
        return stderr;
    }

    /** Whether the server's heap was too small for all of it. */
    public boolean outOfMemory() {
        return events.has(CodexEventKind.OUT_OF_MEMORY);
    }

    /** Whether the worker has reported its turn completed. */
    boolean turnCompleted() {
        return events.has(CodexEventKind.TURN_COMPLETED);
    }

    /** The last agent message so far. */
    public Optional<String> lastMessage() {
        return LineText.message(events.lastLine(CodexEventKind.AGENT_MESSAGE));
    }

    /** What went wrong according to the worker: the failure of its turn, else its last error. */
    public Optional<String> lastError() {
        ByteSlice failure = events.lastLine(CodexEventKind.TURN_FAILED);
        return failure.length() > 0
                ? LineText.turnFailure(failure)
                : LineText.error(events.lastLine(CodexEventKind.ERROR));
    }

    /** The worker's last failure, if it reported one in the events from {@code from} on. */
    Optional<Failure> failure(int from) {
        return Failure.of(new LaterLines(events.lines(), from), ZoneId.systemDefault());
    }

    /** When the worker last showed a sign of life; see {@link Activity#idleSince}. */
    OptionalLong idleSince() {
        return Activity.idleSince(events.lines());
    }

    /** The files that the worker's patches changed, in order; not those that its shell commands wrote. */
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

    /** What the worker is doing, in a few words, if the events from {@code from} on show it. */
    public Optional<String> progress(int from) {
        return EventDigest.progress(events.reader(), from);
    }

    /** The texts of the worker's last {@code most} messages, errors and progress events, oldest first. */
    public List<String> said(int most) {
        return EventDigest.said(events.reader(), most, SAID_LENGTH);
    }

    /** The CLI's id of the conversation, with which it can be resumed. */
    public Optional<String> threadId() {
        return LineText.threadId(events.lastLine(CodexEventKind.THREAD_STARTED));
    }

    /** The end of the worker's standard output, up to 2 MiB. */
    public String stdoutTail() {
        return TailBuffer.text(events.tail(TAIL));
    }

    /** The end of the worker's standard error, up to 2 MiB. */
    public String stderrTail() {
        return stderr.text();
    }

    /** The error on the worker's standard error, if it is there. */
    Optional<String> stderrError() {
        return StderrText.error(stderr.text());
    }

    /** The last {@code most} lines of the worker's standard error, without noise. */
    public List<String> lastStderrLines(int most) {
        List<String> lines = stderr.text()
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.equals(LineText.STDIN_NOTICE))
                .toList();
        return lines.subList(Math.max(0, lines.size() - most), lines.size());
    }
}
