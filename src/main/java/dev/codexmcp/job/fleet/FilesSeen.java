package dev.codexmcp.job.fleet;

import dev.codexmcp.codex.event.ChangedFiles;
import dev.codexmcp.codex.event.CodexEventKind;
import dev.codexmcp.job.WorkerOutput;
import dev.codexmcp.job.log.LogReader;
import java.util.HashSet;
import java.util.Set;

/** Counts the files that a worker's patches have touched. Looks at each event once. Thread-safe. */
final class FilesSeen {
    private final WorkerOutput output;
    private final Set<String> files = new HashSet<>();
    private int looked;

    FilesSeen(WorkerOutput output) {
        this.output = output;
    }

    synchronized int count() {
        LogReader reader = output.events().reader();
        for (; looked < reader.size(); looked++) {
            if (reader.kind(looked) == CodexEventKind.FILE_CHANGE_RESULT) {
                files.addAll(ChangedFiles.in(reader.line(looked)));
            }
        }
        return files.size();
    }
}
