package dev.codexmcp.git;

import dev.codexmcp.git.Attribution.By;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A file that a job has changed, or may have changed, as shown in results.
 *
 * @param file without line counts (-1) if no snapshot shows the change
 * @param by for a rename, the less certain of its two paths
 * @param jobs with {@link By#UNKNOWN}, all jobs that may have changed it
 */
public record AttributedFile(FileChange file, By by, Set<String> jobs) {
    public AttributedFile {
        Objects.requireNonNull(file);
        Objects.requireNonNull(by);
        jobs = Set.copyOf(jobs);
    }

    /**
     * Joins a ledger's attributions with the renames and line counts from the trees. In git's order, then the files
     * that no snapshot shows.
     */
    public static List<AttributedFile> of(TreeDiff diff, List<Attribution> attributions) throws IOException {
        Map<RepoPath, Attribution> byPath = new HashMap<>();
        List<PathChange> changes = new ArrayList<>();
        for (Attribution attribution : attributions) {
            byPath.put(attribution.path(), attribution);
            PathChange change = attribution.change();
            if (change != null) {
                changes.add(change);
            }
        }
        return join(diff.files(changes), byPath, attributions);
    }

    /** The same for attributions of which no snapshot shows any. */
    public static List<AttributedFile> of(List<Attribution> attributions) {
        return join(List.of(), Map.of(), attributions);
    }

    private static List<AttributedFile> join(
            List<FileChange> shownByGit, Map<RepoPath, Attribution> byPath, List<Attribution> attributions) {
        List<AttributedFile> files = new ArrayList<>();
        Set<RepoPath> shown = new HashSet<>();
        for (FileChange file : shownByGit) {
            By by = By.PATCH;
            Set<String> jobs = new HashSet<>();
            RepoPath from = file.from();
            for (RepoPath path : from == null ? List.of(file.path()) : List.of(from, file.path())) {
                Attribution attribution = byPath.get(path);
                shown.add(path);
                if (attribution != null) {
                    by = attribution.by().compareTo(by) > 0 ? attribution.by() : by;
                    jobs.addAll(attribution.jobs());
                }
            }
            files.add(new AttributedFile(file, by, jobs));
        }
        for (Attribution attribution : attributions) {
            ChangeKind kind = attribution.kind();
            if (kind != null && !shown.contains(attribution.path())) {
                ChangeKind plain = kind == ChangeKind.RENAME ? ChangeKind.UPDATE : kind;
                files.add(new AttributedFile(
                        new FileChange(attribution.path(), plain, null, -1, -1), attribution.by(), Set.of()));
            }
        }
        return files;
    }
}
