package dev.codexmcp.job.changes;

import dev.codexmcp.git.Attribution;
import dev.codexmcp.git.ChangeLedger;
import dev.codexmcp.git.PathChange;
import dev.codexmcp.git.RepoPath;
import dev.codexmcp.git.Repository;
import dev.codexmcp.git.Restore;
import dev.codexmcp.git.SnapshotStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Selects the changes of a job that can be undone, and undoes them. Must not run while a writer does. */
final class JobRestore {
    private final ChangeLedger ledger;
    private final TrackedJob job;
    private final Map<RepoPath, String> kept = new LinkedHashMap<>();
    private final Map<RepoPath, Attribution> wanted = new LinkedHashMap<>();

    JobRestore(ChangeLedger ledger, TrackedJob job) {
        this.ledger = ledger;
        this.job = job;
    }

    /** @param paths only these files, and those below these folders; empty: all of the job's */
    RestoreReport run(SnapshotStore store, Repository repository, Optional<List<RepoPath>> paths, boolean dryRun)
            throws IOException {
        select(paths);
        List<PathChange> changes = new ArrayList<>();
        wanted.values().forEach(attribution -> {
            PathChange change = attribution.change();
            if (change != null) {
                changes.add(change);
            }
        });
        Restore.Result result = new Restore(store).restore(repository, changes, dryRun);
        kept.putAll(result.kept());
        Map<RepoPath, Set<String>> undone = new LinkedHashMap<>();
        for (RepoPath path : result.restored()) {
            Attribution attribution = wanted.get(path);
            if (attribution != null && !attribution.others().isEmpty()) {
                undone.put(path, attribution.others());
            }
        }
        if (!dryRun) {
            ledger.restored(job.id(), result.restored());
            undone.forEach((path, jobs) -> jobs.forEach(other -> ledger.restored(other, List.of(path))));
        }
        return new RestoreReport(result.restored(), kept, undone, Optional.ofNullable(result.copies()));
    }

    private void select(Optional<List<RepoPath>> paths) {
        boolean baseline = ledger.hasBaseline(job.id());
        Collection<Attribution> changes = ledger.changes(job.id());
        for (Attribution change : changes) {
            if (paths.isPresent() && paths.get().stream().noneMatch(change.path()::isWithin)) {
                continue;
            }
            if (change.by() == Attribution.By.UNKNOWN) {
                kept.put(change.path(), "it is not known which job changed it: " + String.join(", ", change.jobs()));
            } else if (!baseline) {
                kept.put(change.path(), "the first snapshot came too late to show what it was before the job");
            } else if (change.change() == null) {
                kept.put(change.path(), "no snapshot shows a change: it is ignored, or as it was before");
            } else {
                wanted.put(change.path(), change);
            }
        }
        for (RepoPath path : paths.orElse(List.of())) {
            if (changes.stream().noneMatch(change -> change.path().isWithin(path))) {
                kept.put(path, "the job has not changed it");
            }
        }
    }
}
