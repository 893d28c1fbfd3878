package dev.codexmcp.tool;

/** The argument that names a job. */
final class JobFields {
    static final Field<String> JOB_ID =
            Field.text("jobId", "The job's id, from codex_spawn.").required();

    private JobFields() {}
}
