package dev.codexmcp.job.changes;

import dev.codexmcp.git.AttributedFile;
import dev.codexmcp.git.ChangeLedger.Overlap;
import dev.codexmcp.git.PathChange;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * What jobs have changed.
 *
 * @param root the repository, or the working directory outside one; paths are relative to it
 * @param files certain and possible changes, in git's order
 * @param changes the same as git knows them; without files that no snapshot shows
 * @param overlaps the paths that these jobs have in common with others, or with each other
 * @param notes what can't be known, for the caller
 */
public record ChangeReport(
        Path root, List<AttributedFile> files, List<PathChange> changes, List<Overlap> overlaps, List<String> notes) {
    public ChangeReport {
        Objects.requireNonNull(root);
        files = List.copyOf(files);
        changes = List.copyOf(changes);
        overlaps = List.copyOf(overlaps);
        notes = List.copyOf(notes);
    }
}
