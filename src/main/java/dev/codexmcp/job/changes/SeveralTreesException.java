package dev.codexmcp.job.changes;

import java.nio.file.Path;
import java.util.List;

/** A report was requested for jobs that work in different trees. */
public final class SeveralTreesException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient List<Path> roots;

    SeveralTreesException(List<Path> roots) {
        super("The jobs work in several trees: " + roots);
        this.roots = List.copyOf(roots);
    }

    public List<Path> roots() {
        return roots;
    }
}
