package dev.codexmcp.install.doctor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.install.os.Environment;
import dev.codexmcp.install.os.OtherProcess;
import dev.codexmcp.install.os.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code doctor} says about the servers that hosts are running. */
class RunningServersTest {
    private static final List<String> SERVER =
            List.of("java", "-cp", "/opt/target/codex-mcp-server.jar", "dev.codexmcp.Main");
    private static final List<String> GEMINI = List.of("node", "--no-warnings", "/usr/lib/bin/gemini.js", "-y");

    @TempDir
    Path home;

    @Test
    void showsTheFolderAndWhatIsMissingOrDifferentWithoutValues() {
        String report = report(
                Map.of("CODEX_API_KEY", "secret-1", "CODEX_HOME", "/mine", "CODEX_MCP_MAX_JOBS", "3"),
                server(Map.of("CODEX_HOME", "/secret-2", "CODEX_MCP_MAX_JOBS", "3"), GEMINI));

        assertThat(report)
                .isEqualTo("note   Running server: process 7, started by gemini, works in /projects/a, the default"
                        + " folder of its workers; lacks CODEX_API_KEY, set here; has another value of CODEX_HOME;"
                        + " has no codex on its PATH (see docs/hosts.md)\n");
    }

    @Test
    void aServerWithTheSameVariablesIsFine() {
        String report = report(
                Map.of("CODEX_HOME", "/mine", "JAVA_HOME", "/jdk"),
                server(Map.of("CODEX_HOME", "/mine", "CODEX_MCP_CODEX_BIN", "/codex"), List.of("/bin/claude")));

        assertThat(report)
                .startsWith("ok     Running server: process 7, started by claude, works in /projects/a")
                .contains("has all variables that are set here");
    }

    @Test
    void ignoresServersOfWorkersAndOtherProcesses() {
        OtherProcess doctor = new OtherProcess(
                1,
                List.of("java", "-cp", "/opt/codex-mcp-server.jar", "dev.codexmcp.Main", "doctor"),
                List.of(),
                new Environment(Map.of(), home));

        assertThat(report(Map.of(), server(Map.of("CODEX_MCP_JOB", "1/2"), List.of()), doctor))
                .isEmpty();
    }

    @Test
    void knowsAServerThatWasStartedByItsJar() {
        List<String> command = List.of("java", "-jar", "/opt/target/codex-mcp-server.jar");

        assertThat(report(
                        Map.of(),
                        new OtherProcess(7, command, GEMINI, new Environment(Map.of(), Path.of("/projects/a")))))
                .contains("process 7, started by gemini");
    }

    @Test
    void aHostThatHasEndedIsNotNamed() {
        assertThat(report(Map.of(), server(Map.of(), List.of()))).contains("started by a process that has ended");
    }

    @Test
    void countsThoseThatItDoesNotShow() {
        OtherProcess[] many = Collections.nCopies(23, server(Map.of(), GEMINI)).toArray(OtherProcess[]::new);

        assertThat(report(Map.of(), many).lines()).hasSize(21).last().isEqualTo("note   Running server: 3 more");
    }

    @Test
    void readsTheProcessesOfThisUser() {
        assertThat(OtherProcess.all())
                .filteredOn(process -> process.pid() == ProcessHandle.current().pid())
                .singleElement()
                .satisfies(self -> assertThat(self.command()).isNotEmpty())
                .satisfies(self -> assertThat(self.environment().folder())
                        .isEqualTo(Path.of("").toAbsolutePath().toRealPath()))
                .satisfies(self -> assertThat(self.environment().variables()).containsKey("PATH"));
    }

    private static OtherProcess server(Map<String, String> variables, List<String> parent) {
        return new OtherProcess(7, SERVER, parent, new Environment(variables, Path.of("/projects/a")));
    }

    private String report(Map<String, String> variables, OtherProcess... processes) {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(output, true, UTF_8);
        Terminal terminal = new Terminal(stream, stream, new ByteArrayInputStream(new byte[0]));
        Map<String, String> all = new HashMap<>(variables);
        all.put("HOME", home.toString());
        new RunningServers(new Report(terminal), new Environment(all, home), List.of(processes)).run();
        return output.toString(UTF_8);
    }
}
