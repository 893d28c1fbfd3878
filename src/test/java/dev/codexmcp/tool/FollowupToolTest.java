package dev.codexmcp.tool;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.codexmcp.codex.CodexCli;
import dev.codexmcp.codex.Sandbox;
import dev.codexmcp.job.FakeFleet;
import dev.codexmcp.job.Job;
import dev.codexmcp.job.JobException;
import dev.codexmcp.job.JobScheduler;
import dev.codexmcp.job.JobTimer;
import dev.codexmcp.job.SchedulerConfig;
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
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a follow-up checks before it starts a worker. */
class FollowupToolTest {
    private static final Path ELSEWHERE = Path.of("/a/folder/of/another/machine");
    private static final String THREAD = "01a1f747-b8c1-7f50-9c1b-aaaaaaaaaaaa";

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
}
