package dev.codexmcp.job;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.codexmcp.codex.TokenUsage;
import dev.codexmcp.git.Worktree;
import java.io.IOException;
import java.util.Optional;

/** Writes the fields of a job in answers about a single job, and in its last event. */
public final class JobFields {
    private JobFields() {}

    /** Status, times, exit code, label, what went wrong, thread and tokens. */
    public static void write(JsonGenerator json, Job job) throws IOException {
        JobSnapshot snapshot = job.snapshot();
        snapshot.writeFields(json);
        writeThread(json, job, snapshot.status().ended());
        writeWorktree(json, job);
    }

    /** Writes the member {@code worktree} if the job has one. */
    public static void writeWorktree(JsonGenerator json, Job job) throws IOException {
        Optional<Worktree> worktree = job.spec().place().worktree();
        if (worktree.isPresent()) {
            writeWorktree(json, worktree.get());
        }
    }

    /** Writes the member {@code worktree}. */
    public static void writeWorktree(JsonGenerator json, Worktree worktree) throws IOException {
        json.writeObjectFieldStart("worktree");
        json.writeStringField("path", worktree.path().toString());
        json.writeStringField("branch", worktree.branch());
        json.writeStringField("base", worktree.base());
        json.writeEndObject();
    }

    /** Writes the number of the attempt, the job whose thread this one continues, its own thread and, once it has ended, the tokens it has used. */
    static void writeThread(JsonGenerator json, Job job, boolean ended) throws IOException {
        if (job.attempts().number() > 1) {
            json.writeNumberField("attempt", job.attempts().number());
        }
        Optional<String> parent = job.spec().continuation().flatMap(Continuation::parentJobId);
        if (parent.isPresent()) {
            json.writeStringField("parentJobId", parent.get());
        }
        Optional<String> threadId = job.output().threadId();
        if (threadId.isPresent()) {
            json.writeStringField("threadId", threadId.get());
        }
        Optional<TokenUsage> usage = ended ? job.usage() : Optional.empty();
        if (usage.isPresent()) {
            json.writeObjectFieldStart("usage");
            json.writeNumberField("input", usage.get().input());
            json.writeNumberField("cached", usage.get().cached());
            json.writeNumberField("output", usage.get().output());
            json.writeNumberField("reasoning", usage.get().reasoning());
            json.writeEndObject();
        }
    }
}
