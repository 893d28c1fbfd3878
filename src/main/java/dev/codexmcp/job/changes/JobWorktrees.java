package dev.codexmcp.job.changes;

import dev.codexmcp.git.FileErrors;
import dev.codexmcp.git.GitException;
import dev.codexmcp.git.Repository;
import dev.codexmcp.git.Worktree;
import dev.codexmcp.git.Worktrees;
import dev.codexmcp.job.Job;
import dev.codexmcp.job.JobSpec;
import dev.codexmcp.job.WorkplaceException;
import dev.codexmcp.job.Workplaces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;

/**
 * The worktrees of isolated jobs: creates one when a job starts, and removes it when no job uses it any more if it has no
 * changes. Thread-safe: {@code this} guards who uses which, and is held while one is removed, but not while one is created, which
 * nobody else knows yet.
 */
final class JobWorktrees implements Workplaces {
    private final Snapshots snapshots;
    private final Consumer<Worktree> onCreated;

    /** The jobs that use a worktree, by its folder; those whose end is yet to be noted, too. */
    private final Map<Path, Set<Job>> users = new HashMap<>();

    /** @param onCreated run before a job starts in a new worktree; may block */
    JobWorktrees(Snapshots snapshots, Consumer<Worktree> onCreated) {
        this.snapshots = snapshots;
        this.onCreated = onCreated;
    }

    @Override
    public JobSpec prepare(Job job) throws WorkplaceException {
        JobSpec spec = job.spec();
        Path given = Path.of(spec.options().workingDirectory().orElse("")).toAbsolutePath();
        // A job that was moved to another folder must not work there unisolated.
        Optional<Worktree> inherited =
                spec.place().worktree().filter(worktree -> given.normalize().startsWith(worktree.path()));
        if (!spec.place().isolated() || (inherited.isPresent() && isUsed(inherited.get(), job))) {
            return spec;
        }
        try {
            Path start = inherited.isPresent() ? inMainTree(inherited.get(), given) : given.toRealPath();
            Repository repository = Repository.find(start)
                    .orElseThrow(() -> new GitException(
                            GitException.Problem.NO_REPOSITORY, start + " is not in a git repository."));
            Worktree made = new Worktrees(snapshots.store())
                    .create(repository, spec.label().orElse("job"), job.id());
            use(made, job);
            onCreated.accept(made);
            Path directory = Files.createDirectories(
                    made.path().resolve(repository.root().relativize(start).toString()));
            return spec.in(made, directory);
        } catch (IOException e) {
            throw new WorkplaceException(FileErrors.sentence(e), e);
        }
    }

    private static Path inMainTree(Worktree gone, Path directory) throws IOException {
        Path counterpart = gone.inMainTree(directory.normalize());
        return (Files.isDirectory(counterpart) ? counterpart : gone.mainRoot()).toRealPath();
    }

    @Override
    public void unused(Job job, JobSpec prepared) {
        prepared.place().worktree().ifPresent(worktree -> ended(job, worktree));
    }

    /** Lets the job use the worktree if it still exists. */
    private synchronized boolean isUsed(Worktree worktree, Job job) {
        boolean exists = Files.isDirectory(worktree.path());
        if (exists) {
            use(worktree, job);
        }
        return exists;
    }

    private synchronized void use(Worktree worktree, Job job) {
        users.computeIfAbsent(worktree.folder(), folder -> new HashSet<>()).add(job);
    }

    /** The ids of the jobs that work in the worktree now. */
    synchronized List<String> users(Worktree worktree) {
        return users.getOrDefault(worktree.folder(), Set.of()).stream()
                .filter(job -> !job.ended())
                .map(Job::id)
                .sorted()
                .toList();
    }

    /** A job does not use its worktree any more: if no other does either, it is removed, unless it has changes. */
    synchronized void ended(Job job, Worktree worktree) {
        Set<Job> left = users.getOrDefault(worktree.folder(), new HashSet<>());
        left.removeIf(user -> user == job);
        if (!left.isEmpty()) {
            return;
        }
        users.remove(worktree.folder());
        try {
            if (Files.isDirectory(worktree.path())) {
                new Worktrees(snapshots.store()).removeIfClean(worktree);
            }
        } catch (IOException e) {
            LoggerFactory.getLogger(JobWorktrees.class).debug("{} stays", worktree.path(), e);
        }
    }
}
