package dev.codexmcp.job;

import dev.codexmcp.codex.SessionFiles;
import dev.codexmcp.codex.ThreadId;
import dev.codexmcp.codex.ThreadRecord;
import dev.codexmcp.codex.event.CodexEventKind;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Whether the thread of a job whose worker was ended or failed can be resumed without losing what the worker knew.
 *
 * @param threadId the thread; empty if it can't
 * @param obstacle why it can't, as the end of a sentence; empty if it can
 */
public record Resumption(Optional<String> threadId, String obstacle) {
    /** For a job whose worker has not ended: two workers would damage its thread. */
    public static final Resumption NOT_ENDED = no("the old worker has not ended yet");

    /** For a job whose worker has ended. Reads the thread's file. */
    public static Resumption of(Job job) {
        Optional<String> thread = job.output().threadId().filter(ThreadId::isUsable);
        if (thread.isEmpty()) {
            return no("the worker had not begun a thread yet");
        }
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.putAll(job.spec().environment());
        return switch (ThreadRecord.of(SessionFiles.of(environment), thread.get())) {
            case WITH_PROMPT -> new Resumption(thread, "");
            case UNKNOWN ->
                job.output().events().has(CodexEventKind.TURN_STARTED)
                        ? new Resumption(thread, "")
                        : no("the worker had not begun its turn yet");
            case MISSING -> no("the Codex CLI had not recorded the thread yet");
            case WITHOUT_PROMPT -> no("the Codex CLI had not recorded the worker's prompt yet");
        };
    }

    private static Resumption no(String obstacle) {
        return new Resumption(Optional.empty(), obstacle);
    }
}
