package dev.codexmcp.job.changes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.codexmcp.git.AttributedFile;
import dev.codexmcp.git.Worktree;
import dev.codexmcp.job.FakeFleet;
import dev.codexmcp.job.Job;
import dev.codexmcp.job.JobSpec;
import dev.codexmcp.testkit.GitFolder;
import dev.codexmcp.testkit.Polling;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChangesTest {
    private static final String CALL =
            "{\"type\":\"item.started\",\"item\":{\"id\":\"item_0\",\"type\":\"command_execution\",\"command\":\"x\"}}\n";

    @TempDir
    Path folder;

    private final FakeFleet jobs = new FakeFleet();
    private Changes changes = jobs.changes();

    @BeforeEach
    void listen() {
        changes = changesWith(System.getenv("PATH"));
    }

    @AfterEach
    void close() {
        changes.close();
    }

    private Path state() {
        return folder.resolve("state");
    }

    private Changes changesWith(String path) {
        Changes made = new Changes(
                new ChangeSettings(Optional.empty(), state(), Map.of("PATH", path, "HOME", folder.toString())));
        jobs.registry().listen(made);
        return made;
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(60, TimeUnit.SECONDS);
    }

    private ChangeReport report(Job... asked) throws Exception {
        return get(changes.report(List.of(asked)));
    }

    private static List<String> files(ChangeReport report) {
        return report.files().stream().map(ChangesTest::words).toList();
    }

    private static String words(AttributedFile file) {
        return file.file().path() + " " + file.by();
    }

    private GitFolder repository(String name) {
        return GitFolder.create(folder.resolve(name));
    }

    /** Reads the tree before the worker's first action, as a snapshot does that is in time. */
    private void act(Job job) throws Exception {
        report(job);
        FakeFleet.print(job, CALL);
    }

    @Test
    void earlierChangesOfTheUserBelongToNoJob() throws Exception {
        GitFolder repository = repository("r").write("readme", "by the user\n").write("new", "by the user\n");
        Job job = jobs.writing("job", repository.root());
        act(job);
        repository.write("written", "by the job\n").write("new", "by the job\n");
        FakeFleet.end(job);

        assertThat(files(report(job))).containsExactly("new COMMAND", "written COMMAND");
        assertThat(report(job).notes()).isEmpty();
    }

    @Test
    void aFileWrittenWhileOnlyOneWorkerRanCountsAsItsOwnEvenIfThatReportedNothing() throws Exception {
        GitFolder repository = repository("r");
        Job job = jobs.writing("job", repository.root());
        report(job);
        repository.write("written", "by the job or the user\n");
        FakeFleet.end(job);

        assertThat(files(report(job))).containsExactly("written COMMAND");
        RestoreReport restored = get(changes.restore(job, Optional.empty(), false));
        assertThat(restored.restored()).extracting(Object::toString).containsExactly("written");
        assertThat(repository.status()).isEmpty();
    }

    @Test
    void outsideARepositoryPatchesAreKnownWithTheirPathsBelowTheWorkingDirectory() throws Exception {
        Path plain = Files.createDirectory(folder.resolve("plain"));
        Job job = jobs.writing("job", plain);
        FakeFleet.print(job, patch(plain.resolve("a/b"), "add") + patch(folder.resolve("elsewhere"), "update"));
        FakeFleet.end(job);

        ChangeReport report = report(job);

        assertThat(files(report)).containsExactly("a/b PATCH");
        assertThat(report.root()).isEqualTo(plain.toRealPath());
        assertThat(report.notes()).hasSize(2);
        assertThat(report.notes().get(0)).startsWith("Not a git repository");
        assertThat(report.notes().get(1)).endsWith("elsewhere.");
    }

    @Test
    void aPatchBehindALinkedWorkingDirectoryIsFoundInTheTree() throws Exception {
        GitFolder repository = repository("r").write("src/a", "1\n");
        Path link = Files.createSymbolicLink(folder.resolve("link"), repository.path("src"));
        Job job = jobs.writing("job", link);
        act(job);
        repository.write("src/a", "2\n");
        FakeFleet.print(job, patch(link.resolve("a"), "update"));
        FakeFleet.end(job);

        assertThat(files(report(job))).containsExactly("src/a PATCH");
    }

    private static String patch(Path file, String kind) {
        return "{\"type\":\"item.completed\",\"item\":{\"id\":\"item_1\",\"type\":\"file_change\",\"changes\":[{\"path\":\""
                + file + "\",\"kind\":\"" + kind + "\"}],\"status\":\"completed\"}}\n";
    }

    @Test
    void jobsInSeveralTreesAreNotMixed() throws Exception {
        Job one = jobs.writing("one", repository("r").root());
        Job two = jobs.writing("two", repository("s").root());

        assertThatThrownBy(() -> report(one, two)).hasCauseInstanceOf(SeveralTreesException.class);
    }

    @Test
    void aRestoreIsRefusedWhileAnotherWriterRunsInTheTree() throws Exception {
        GitFolder repository = repository("r");
        Job job = jobs.writing("job", repository.root());
        act(job);
        repository.write("written", "by the job\n");
        FakeFleet.end(job);
        Job other = jobs.writing("other", repository.root());
        report(other);

        assertThatThrownBy(() -> get(changes.restore(job, Optional.empty(), false)))
                .hasCauseInstanceOf(WritersRunException.class);
        FakeFleet.end(other);
        RestoreReport done = get(changes.restore(job, Optional.empty(), false));

        assertThat(done.restored()).hasToString("[written]");
        assertThat(repository.status()).isEmpty();
    }

    @Test
    void worktreesCanBeAppliedAtTheSameTime() throws Exception {
        GitFolder repository = repository("r");
        List<Job> isolated = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Job job = jobs.isolated("job-" + i, repository.root(), changes.workplaces());
            Files.writeString(worktree(job).path().resolve("file-" + i), "by a job\n");
            FakeFleet.end(job);
            isolated.add(job);
        }

        List<CompletableFuture<WorktreeReport>> reports = isolated.stream()
                .map(job -> changes.apply(job, worktree(job), false))
                .toList();

        for (int i = 0; i < reports.size(); i++) {
            assertThat(get(reports.get(i)).applied()).hasToString("[file-" + i + "]");
        }
        assertThat(repository.status()).hasSize(isolated.size());
    }

    @Test
    void aFollowUpOfAJobWhoseWorktreeIsGoneGetsANewOneInTheSameFolder() throws Exception {
        GitFolder repository = repository("r").write("src/a", "1\n");
        repository.commit();
        Job first = jobs.isolated("first", repository.path("src"), changes.workplaces());
        FakeFleet.end(first);
        Polling.until(
                "the clean worktree is removed",
                () -> !Files.exists(worktree(first).path()));

        Job next = jobs.isolated("next", first.spec(), changes.workplaces());

        assertThat(worktree(next).path()).isNotEqualTo(worktree(first).path());
        assertThat(next.spec().options().workingDirectory())
                .contains(worktree(next).path().resolve("src").toString());
    }

    @Test
    void aJobThatIsMovedOutOfItsWorktreeGetsAnother() throws Exception {
        GitFolder repository = repository("r");
        Job first = jobs.isolated("first", repository.root(), changes.workplaces());
        JobSpec moved = first.spec().in(worktree(first), repository.root());

        Job next = jobs.isolated("next", moved, changes.workplaces());

        assertThat(worktree(next).path()).isNotEqualTo(worktree(first).path());
        assertThat(next.spec().options().workingDirectory())
                .contains(worktree(next).path().toString());
    }

    private static Worktree worktree(Job job) {
        return job.spec().place().worktree().orElseThrow();
    }

    @Test
    void neitherAStartNorAnEndWaitsForGit() throws Exception {
        GitFolder repository = repository("r");
        changes.close();
        Path bin = Files.createDirectory(folder.resolve("bin"));
        Path git = Files.writeString(
                bin.resolve("git"), "#!/bin/sh\nread -r line < '" + folder.resolve("gate") + "'\nexec git \"$@\"\n");
        Files.setPosixFilePermissions(git, PosixFilePermissions.fromString("rwxr-xr-x"));
        new ProcessBuilder("mkfifo", folder.resolve("gate").toString()).start().waitFor();
        changes = changesWith(bin + ":" + System.getenv("PATH"));

        Job job = jobs.writing("job", repository.root());
        FakeFleet.end(job);

        assertThat(job.ended()).isTrue();
        assertThat(changes.report(List.of(job))).isNotDone();
    }

    @Test
    void withoutAWriterNothingIsCreated() throws Exception {
        GitFolder repository = repository("r");
        Job reader = jobs.running("reader");
        FakeFleet.end(reader);

        assertThat(report(reader).notes()).hasSize(1);
        assertThat(state()).doesNotExist();
        assertThat(repository.status()).isEmpty();
    }
}
