package dev.codexmcp.worker.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.codexmcp.worker.Launchers;
import dev.codexmcp.worker.LocalLauncher;
import dev.codexmcp.worker.StartException;
import dev.codexmcp.worker.TailBuffer;
import dev.codexmcp.worker.WorkerCommand;
import dev.codexmcp.worker.WorkerEnd;
import dev.codexmcp.worker.WorkerListener;
import dev.codexmcp.worker.WorkerPlace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("NullAway") // which does not see in a class file that an array may be null
class LauncherConfigTest {
    private static final LauncherConfig.Variables NAMES =
            new LauncherConfig.Variables("LAUNCHER", "LAUNCHERS", "RATE", "LEASE", "PASSED");

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    private final List<String> complaints = new ArrayList<>();

    @AfterEach
    void end() {
        timer.shutdownNow();
    }

    private Launchers read(Map<String, String> environment) {
        return LauncherConfig.read(NAMES, environment, complaints::add, new LocalLauncher(timer), timer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"slurm", "ssh:me@host.example", "podman:localhost/codex:1", "docker:codex"})
    void theDefaultIsRemote(String word) {
        Launchers launchers = read(Map.of("LAUNCHER", word));

        assertThat(complaints).isEmpty();
        assertThat(launchers.names()).containsExactly(word);
        assertThat(launchers.runsHere(Optional.empty())).isFalse();
    }

    @Test
    void namesStandForWordsAndCommands() {
        Launchers launchers = read(Map.of(
                "LAUNCHERS",
                "{\"here\":\"local\",\"long\":{\"command\":[\"slurm\"],\"options\":[\"-plong\"]},"
                        + "\"own\":{\"command\":[\"run\",\"{name}\"],\"reap\":[\"kill\",\"{name}\"],\"quote\":\"shell\"}}",
                "LAUNCHER",
                "long"));

        assertThat(complaints).isEmpty();
        assertThat(launchers.names()).containsExactly("here", "long", "own");
        assertThat(launchers.runsHere(Optional.of("here"))).isTrue();
        assertThat(launchers.runsHere(Optional.empty())).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"slrum", "ssh:", "ssh:-oProxyCommand=x", "podman", "podman:--privileged", "slurm:x", "local:"})
    void anInvalidDefaultStartsNothing(String word) {
        Launchers launchers = read(Map.of("LAUNCHER", word));
        WorkerCommand command =
                new WorkerCommand("job", "/bin/true", List.of(), Set.of(), Map.of(), null, WorkerPlace.DEFAULT);

        assertThat(complaints)
                .singleElement()
                .asString()
                .contains("LAUNCHER is \"" + word + "\"", "workers are refused");
        assertThatThrownBy(() -> launchers.start(command, new TailBuffer(1), new TailBuffer(1), new WorkerListener() {
                    @Override
                    public void running(Optional<String> host) {}

                    @Override
                    public void ended(WorkerEnd end) {}
                }))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("LAUNCHER is \"" + word + "\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[]                                 | it takes an object",
                "{\"a\":1}                          | a: it takes a word or an object",
                "{\"a\":\"b\"}                      | a: \"b\" is not local, slurm",
                "{\"a\":{}}                         | a: command is missing",
                "{\"a\":{\"command\":\"x\"}}        | a: it takes command as an array of strings",
                "{\"a\":{\"comand\":[\"x\"]}}       | a: \"comand\" is not one of command, reap, quote and options",
                "{\"a\":{\"command\":[\"x\"],\"quote\":\"no\"}} | a: quote is no, but must be argv or shell",
                "{\"-a\":\"local\"}                 | \"-a\" is not a name",
                "{                                  | Unexpected end-of-input"
            })
    void aBadObjectIsReported(String json, String complaint) {
        Launchers launchers = read(Map.of("LAUNCHERS", json));

        assertThat(complaints)
                .singleElement()
                .asString()
                .startsWith("LAUNCHERS is not valid (")
                .contains(complaint);
        assertThat(launchers.runsHere(Optional.empty())).isTrue();
    }

    @Test
    void placeholdersAreFilledInOnce() {
        RemoteJob job = new RemoteJob("n", "j", RemoteJob.reduced("a b/{name}ü"), "/tmp/{jobId}");

        assertThat(job.fill(List.of("{name}", "x{jobId}y{cwd}", "{label}", "{other}")))
                .containsExactly("n", "xjy/tmp/{jobId}", "a-b-name-", "{other}");
    }

    @Test
    void aWorkerGetsTheVariablesItNeeds() {
        Map<String, String> own = Map.of(
                "CODEX_HOME", "/no/such/home",
                "CODEX_API_KEY", "k",
                "CODEX_MCP_MAX_JOBS", "3",
                "CODEX_MCP_CALLBACK_URI", "u",
                "https_proxy", "p",
                "AWS_SECRET", "s",
                "MY_ONE", "1",
                "MY_TWO", "2",
                "PATH", "/bin");

        assertThat(new RemoteEnvironment(own, Set.of("MY_*")).forWorker())
                .containsOnlyKeys(
                        "CODEX_HOME", "CODEX_API_KEY", "CODEX_MCP_CALLBACK_URI", "https_proxy", "MY_ONE", "MY_TWO");
        assertThat(new RemoteEnvironment(own, Set.of()).keptFromCommand())
                .contains("AWS_SECRET")
                .doesNotContain("PATH");
    }
}
