package dev.codexmcp.tool;

import dev.codexmcp.job.JobStatus;
import java.util.Arrays;
import java.util.List;

/** The fields by which a job is named in arguments, and told of in answers. */
final class JobFields {
    static final Field<String> JOB_ID =
            Field.text("jobId", "The job's id, from codex_spawn.").required();

    private static final Field<String> STATUS = Field.word(
                    "status",
                    Arrays.stream(JobStatus.values()).map(JobStatus::wire).toList(),
                    "Changes once, at the end.")
            .required();
    private static final Field<String> STARTED_AT =
            Field.text("startedAt", "ISO 8601, UTC.").required();
    private static final Field<String> LABEL = Field.text("label", "As given.");

    /** Of a job just started. */
    static final List<Field<?>> SPAWNED = List.of(JOB_ID, STATUS, STARTED_AT, LABEL);

    /** Of a job at any time. */
    static final List<Field<?>> SNAPSHOT = List.of(
            JOB_ID,
            STATUS,
            STARTED_AT,
            Field.text("finishedAt", "ISO 8601, UTC; where it has ended."),
            Field.integer("exitCode", 0, 0, "Where it has ended; null: a signal ended it.")
                    .nullable("integer"),
            LABEL);

    private JobFields() {}
}
