package dev.codexmcp.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.codexmcp.codex.CodexCli;
import dev.codexmcp.codex.Sandbox;
import dev.codexmcp.git.Worktree;
import dev.codexmcp.job.Claim;
import dev.codexmcp.job.FakeFleet;
import dev.codexmcp.job.Job;
import dev.codexmcp.job.JobException;
import dev.codexmcp.job.JobScheduler;
import dev.codexmcp.job.JobSpec;
import dev.codexmcp.job.JobStatus;
import dev.codexmcp.job.JobTimer;
import dev.codexmcp.job.Place;
import dev.codexmcp.job.SchedulerConfig;
import dev.codexmcp.job.Workplaces;
import dev.codexmcp.testkit.GitFolder;
import dev.codexmcp.tool.schema.Arguments;
import dev.codexmcp.tool.schema.BadArgumentException;
import dev.codexmcp.worker.Cookie;
import dev.codexmcp.worker.ExitStatus;
import dev.codexmcp.worker.OutputSink;
import dev.codexmcp.worker.StartException;
import dev.codexmcp.worker.Worker;
import dev.codexmcp.worker.WorkerCommand;
import dev.codexmcp.worker.WorkerLauncher;
import dev.codexmcp.worker.WorkerListener;
import dev.codexmcp.worker.WorkerPlace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a follow-up checks before it starts a worker. */
class FollowupToolTest {
    private static final Path ELSEWHERE = Path.of("/a/folder/of/another/machine");
    private static final String THREAD = "01a1f747-b8c1-7f50-9c1b-aaaaaaaaaaaa";

    @TempDir
    private Path folder;

    private final ScheduledThreadPoolExecutor timer = JobTimer.create();
    private final FakeFleet jobs = new FakeFleet();

    @AfterEach
    void stopTimer() {
        timer.shutdownNow();
    }

    /** A launcher that reports each start as refused. */
    private record Refusing(boolean here) implements WorkerLauncher {
        @Override
        public void prepare() {}

        @Override
        public boolean runsHere(Optional<String> name) {
            return here;
        }

        @Override
        public Cookie cookie(String name, WorkerPlace place) {
            return new Cookie("CODEX_MCP_JOB", "server/" + name);
        }

        @Override
        public Worker start(WorkerCommand command, OutputSink stdout, OutputSink stderr, WorkerListener listener)
                throws StartException {
            throw new StartException("started in " + command.place().directory());
        }

        @Override
        public Worker rehearse(
                WorkerCommand command, OutputSink stdout, OutputSink stderr, Consumer<ExitStatus> onEnd) {
            throw new IllegalStateException("rehearsals are not supported");
        }

        @Override
        public void close() {}
    }

    private FollowupTool tool(boolean here) {
        JobScheduler scheduler = new JobScheduler(
                jobs.registry(),
                new Refusing(here),
                new CodexCli(Optional.of("/bin/sh"), ""),
                SchedulerConfig.of(1),
                timer);
        return new FollowupTool(jobs.registry(), scheduler, Sandbox.READ_ONLY);
    }

    private Arguments afterAJobElsewhere() throws Exception {
        Job job = jobs.writing("job", ELSEWHERE);
        FakeFleet.print(job, "{\"type\":\"thread.started\",\"thread_id\":\"" + THREAD + "\"}\n");
        FakeFleet.end(job);
        return arguments("{\"prompt\":\"go on\",\"jobId\":\"job\"}");
    }

    private static Arguments arguments(String json) throws Exception {
        return new Arguments(new ObjectMapper().readTree(json), "");
    }

    @Test
    void aFolderThatIsGoneIsRefusedWhereTheWorkerRunsHere() throws Exception {
        Arguments arguments = afterAJobElsewhere();

        assertThatThrownBy(() -> tool(true).call(arguments, Caller.UNKNOWN))
                .isInstanceOf(BadArgumentException.class)
                .hasMessageContaining("does not exist any more");
    }

    @Test
    void aFolderOfAnotherMachineIsLeftToThatMachine() throws Exception {
        Arguments arguments = afterAJobElsewhere();

        assertThatThrownBy(() -> tool(false).call(arguments, Caller.UNKNOWN))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("started in " + ELSEWHERE);
    }

    /** The spec of the job that a follow-up of {@code old} starts with these further arguments. */
    private JobSpec followUp(Job old, String more) {
        List<JobSpec> specs = new ArrayList<>();
        jobs.registry().listen((job, entered) -> {
            if (entered == JobStatus.QUEUED) {
                specs.add(job.spec());
            }
        });
        assertThatThrownBy(() -> tool(true)
                        .call(
                                arguments("{\"prompt\":\"go on\",\"jobId\":\"" + old.id() + "\"" + more + "}"),
                                Caller.UNKNOWN))
                .isNotInstanceOf(BadArgumentException.class);
        return specs.get(0);
    }

    private Job ended(Job job) {
        FakeFleet.print(job, "{\"type\":\"thread.started\",\"thread_id\":\"" + THREAD + "\"}\n");
        FakeFleet.end(job);
        return job;
    }

    @Test
    void isolationAndWritesOfTheCallCount() throws Exception {
        Path root = GitFolder.create(folder.resolve("r")).root().toRealPath();
        Job shared = ended(jobs.writing("shared", root));

        assertThat(followUp(shared, "").place()).isEqualTo(Place.SHARED);
        assertThat(followUp(shared, ",\"isolation\":\"worktree\",\"writes\":[\"a\"]")
                        .place())
                .isEqualTo(new Place(
                        true, Optional.empty(), List.of(new Claim("a", root.resolve("a"), /* below= */ false))));
    }

    @Test
    void aFollowUpOfAnIsolatedJobUsesItsWorktreeUnlessItLeavesThat() throws Exception {
        Path root = GitFolder.create(folder.resolve("r")).root().toRealPath();
        Worktree own = new Worktree(folder.resolve("own"), root, "codex/own", "base");
        Files.createDirectories(own.path());
        Job isolated = ended(jobs.isolated("own", root, new PreparedPlace(own)));

        assertThat(followUp(isolated, "").place().worktree()).contains(own);
        JobSpec left = followUp(isolated, ",\"isolation\":\"none\"");
        assertThat(left.place()).isEqualTo(Place.SHARED);
        assertThat(left.options().workingDirectory()).contains(root.toString());
        Files.delete(own.path());
        assertThat(followUp(isolated, "").place().isolated()).isTrue();
    }

    /** A worktree that is ready. */
    private record PreparedPlace(Worktree worktree) implements Workplaces {
        @Override
        public JobSpec prepare(Job job) {
            return job.spec().in(worktree, worktree.path());
        }

        @Override
        public void unused(Job job, JobSpec prepared) {}
    }
}
