package dev.codexmcp.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.testkit.JobTools;
import dev.codexmcp.testkit.ModelScript;
import dev.codexmcp.testkit.ProcessProbe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A worker started without npm's script runs in the same environment. */
class NativeProgramIT {

    @RegisterExtension
    private final EndToEndFixture bench = new EndToEndFixture();

    private int workers;

    /** What a process inherits from its parent. */
    private record Inherited(List<String> command, List<String> environment, String limits) {}

    @Test
    void aWorkerInheritsWhatTheScriptWouldPassOn() throws IOException {
        assertThat(worker(CliVariant.NPM)).isEqualTo(worker(CliVariant.NPM_SCRIPT));
    }

    @Test
    void aWorkerIsOneProcess() {
        assertThat(startWorker(CliVariant.NPM)).hasSize(1);
    }

    private Inherited worker(CliVariant cli) throws IOException {
        ProcessProbe.Found worker = startWorker(cli).stream()
                .filter(process ->
                        process.command().get(0).equals(CliVariant.NPM.started().toString()))
                .findFirst()
                .orElseThrow();
        Path proc = Path.of("/proc", Long.toString(worker.pid()));
        return new Inherited(
                worker.command().stream()
                        .filter(argument -> !argument.contains("CODEX_MCP_JOB")) // names the job
                        .toList(),
                worker.environment().stream()
                        .filter(entry -> !entry.startsWith("CODEX_MCP_JOB=") && !entry.startsWith("CODEX_MCP_NATIVE="))
                        .sorted()
                        .toList(),
                Files.readString(proc.resolve("limits")));
    }

    /** The processes of a worker that waits for its model. */
    private List<ProcessProbe.Found> startWorker(CliVariant cli) {
        JobTools jobs = new JobTools(bench.start(cli));
        String job = jobs.spawn(ModelScript.script().gate("answer").prompt(), bench.workspace(), "workspace-write");
        workers++;
        bench.model().gate("answer").awaitArrivals(workers);
        return ProcessProbe.ofJob(job).awaitSome(1);
    }
}
