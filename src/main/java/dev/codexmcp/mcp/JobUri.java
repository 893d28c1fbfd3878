package dev.codexmcp.mcp;

import dev.codexmcp.job.Job;
import dev.codexmcp.job.JobException;
import dev.codexmcp.job.JobRegistry;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The URI of a resource of a job: {@code codex-job://JOB/result}, or another of its {@link Kind}s. A label may stand for the id; the newest job with that label counts.
 *
 * @param job the job's id or label
 * @param cursor where the page before has ended; empty: none
 */
record JobUri(String job, Kind kind, String cursor) {
    private static final Pattern FORM = Pattern.compile("codex-job://([^/?#]+)/([a-z]+)(?:\\?cursor=([^&#]*))?");

    /** A kind of resource, and the tool that provides its content. */
    enum Kind {
        RESULT("codex_result", "text/plain", "Final message", "The final message of a job, or the report on its end."),
        EVENTS(
                "codex_events",
                "application/json",
                "Events",
                "A page of a job's events; ?cursor= and its nextCursor: the next."),
        CHANGES(
                "codex_changes",
                "application/json",
                "Changes",
                "The files that a job has changed; ?cursor= and its nextCursor: the next page.");

        private final String tool;
        private final String mimeType;
        private final String title;
        private final String description;

        Kind(String tool, String mimeType, String title, String description) {
            this.tool = tool;
            this.mimeType = mimeType;
            this.title = title;
            this.description = description;
        }

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        String tool() {
            return tool;
        }

        String mimeType() {
            return mimeType;
        }

        String title() {
            return title;
        }

        String description() {
            return description;
        }

        String template() {
            return "codex-job://{jobId}/" + word();
        }
    }

    /** Parses a URI; empty if it has another form. */
    static Optional<JobUri> of(String uri) {
        Matcher parts = FORM.matcher(uri);
        if (!parts.matches()) {
            return Optional.empty();
        }
        return List.of(Kind.values()).stream()
                .filter(kind -> kind.word().equals(parts.group(2)))
                .findFirst()
                .flatMap(kind -> decoded(parts.group(1))
                        .flatMap(job -> decoded(parts.group(3) == null ? "" : parts.group(3))
                                .map(cursor -> new JobUri(job, kind, cursor))));
    }

    private static Optional<String> decoded(String part) {
        try {
            // A plus sign stands for itself in a path.
            return Optional.of(URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The job with this id or label. */
    Optional<Job> find(JobRegistry jobs) {
        try {
            return Optional.of(jobs.find(job));
        } catch (JobException e) {
            return jobs.list().stream()
                    .filter(each -> each.spec().label().equals(Optional.of(job)))
                    .reduce((older, newer) -> newer);
        }
    }
}
