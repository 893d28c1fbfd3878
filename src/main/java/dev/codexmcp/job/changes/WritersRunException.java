package dev.codexmcp.job.changes;

import java.nio.file.Path;
import java.util.List;

/** Files of a tree can't be put back because workers that may write run there. */
public final class WritersRunException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient Path root;
    private final transient List<String> jobs;

    WritersRunException(Path root, List<String> jobs) {
        super("Writers run in " + root + ": " + jobs);
        this.root = root;
        this.jobs = List.copyOf(jobs);
    }

    public Path root() {
        return root;
    }

    public List<String> jobs() {
        return jobs;
    }
}
