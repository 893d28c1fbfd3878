package dev.codexmcp.tool;

import dev.codexmcp.job.JobStatus;
import dev.codexmcp.tool.schema.Parameter;
import java.util.List;
import java.util.stream.Stream;

/** The parameter that names a job, and the fields that describe one in results. */
final class JobParameters {
    static final Parameter<String> JOB_ID =
            Parameter.text("jobId", "From codex_spawn.").required();

    private static final Parameter<String> STATUS = Parameter.word(
                    "status",
                    Stream.of(JobStatus.QUEUED, JobStatus.RUNNING, JobStatus.DONE, JobStatus.FAILED, JobStatus.CANCELED)
                            .map(JobStatus::wire)
                            .toList(),
                    "Changes once, when the job ends.")
            .required();
    private static final Parameter<String> STARTED_AT =
            Parameter.text("startedAt", "ISO 8601, UTC; absent while queued.");
    private static final Parameter<Integer> POSITION =
            Parameter.integer("position", 1, Integer.MAX_VALUE, "In the queue, if queued.");
    private static final Parameter<String> LABEL = Parameter.text("label", "As given.");

    /** The folder of a job whose spawn names none. */
    static final Parameter<String> FOLDER_TAKEN =
            Parameter.text("workingDirectory", "Where it runs, if you named no folder.");

    /** Of a job just started or queued. */
    static final List<Parameter<?>> SPAWNED = List.of(JOB_ID, STATUS, STARTED_AT, POSITION, LABEL, FOLDER_TAKEN);

    /** The fields of a job at any time. */
    static final List<Parameter<?>> SNAPSHOT = List.of(
            JOB_ID,
            STATUS,
            STARTED_AT,
            Parameter.text("finishedAt", "ISO 8601, UTC; once it has ended."),
            Parameter.integer("exitCode", 0, 0, "Once it has ended; null: ended by a signal.")
                    .nullable("integer"),
            LABEL,
            Parameter.text("reason", "Why it did not end done, in a word."),
            Parameter.text("message", "The CLI's words on it."),
            Parameter.text("retryAt", "When a limit ends; ISO 8601, UTC."),
            Parameter.text("threadId", "The CLI's conversation."),
            Parameter.text("parentJobId", "The job whose thread it continues."));

    private JobParameters() {}
}
