package dev.codexmcp.install.doctor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.install.os.Environment;
import dev.codexmcp.install.os.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code doctor} finds wrong with the Codex CLI, the environment and the server, with stand-ins for both programs. */
class DoctorChecksTest {
    /** A CLI that is logged in and has no server registered. */
    private static final String CODEX = """
            #!/bin/sh
            case "$1 ${2-}" in
            "--version ") echo "codex-cli 0.169.0" ;;
            "login status") echo "Logged in using ChatGPT" ;;
            "mcp list") echo "No MCP servers configured yet." ;;
            *) exit 9 ;;
            esac
            """;

    /** Answers each of the four lines that the doctor sends. */
    private static final String SERVER = """
            #!/bin/sh
            while read -r line; do
                case $line in
                *initialize\\"*) echo '{"id":1,"result":{"serverInfo":{"name":"codex-mcp-server"}}}' ;;
                *tools/list*) echo '{"id":2,"result":{"tools":[{"inputSchema":{}},{"inputSchema":{}}]}}' ;;
                *ping*) echo '{"id":3,"result":{"content":[{"text":"doctor"}]}}' ;;
                esac
            done
            """;

    @TempDir
    Path scratch;

    private Path bin;
    private Path launcher;
    private final Map<String, String> variables = new LinkedHashMap<>();

    private record Outcome(int exitCode, String output) {}

    @BeforeEach
    void makeHome() throws Exception {
        bin = Files.createDirectory(scratch.resolve("bin"));
        launcher = Files.createDirectories(scratch.resolve("clone/scripts")).resolve("codex-mcp-server");
        Files.createDirectories(scratch.resolve("clone/target"));
        Files.createFile(scratch.resolve("clone/target/codex-mcp-server.jar"));
        script(launcher, SERVER);
        script(bin.resolve("codex"), CODEX);
        variables.put("HOME", Files.createDirectory(scratch.resolve("home")).toString());
        variables.put("PATH", bin + ":/usr/bin:/bin");
    }

    @Test
    void saysThatAllIsWell() throws Exception {
        Outcome outcome = doctor();

        assertThat(outcome.output())
                .contains("ok     Java: " + System.getProperty("java.version"))
                .contains("ok     Codex CLI: codex-cli 0.169.0, " + bin.resolve("codex") + " (a script)")
                .contains("ok     Login: Logged in using ChatGPT")
                .contains("note   Codex config: the server is not registered; scripts/install codex does it")
                .contains("ok     Variables: no CODEX_MCP_ variable is set")
                .contains("ok     Jar: " + scratch.resolve("clone/target/codex-mcp-server.jar"))
                .containsPattern("ok     Start: \\d+ ms till initialize is answered \\(median of 5, ")
                .contains("ok     Round trip: initialize, tools/list (2 tools), ping, and its end")
                .endsWith("All is well.\n")
                .doesNotContain("WRONG");
        assertThat(outcome.exitCode()).isZero();
    }

    @Test
    void saysWhatToDoIfThereIsNoCli() throws Exception {
        Files.delete(bin.resolve("codex"));
        assertThat(doctor().output()).contains("WRONG  Codex CLI: there is no codex on PATH", "do: npm install -g");

        variables.put("CODEX_MCP_CODEX_BIN", "/nowhere/codex");
        assertThat(doctor().output())
                .contains("CODEX_MCP_CODEX_BIN is /nowhere/codex, but there is no such program")
                .contains("ok     Round trip");
    }

    @Test
    void saysWhatToDoIfTheCliIsBroken() throws Exception {
        script(bin.resolve("codex"), "#!/bin/sh\necho 'not for this machine' >&2\nexit 126\n");

        assertThat(doctor().output()).contains("--version fails (exit code 126): not for this machine");
    }

    @Test
    void aLoginIsNotNeededWithAKeyOrAnotherProvider() throws Exception {
        script(bin.resolve("codex"), CODEX.replace("echo \"Logged in using ChatGPT\"", "echo 'Not logged in'; exit 1"));
        assertThat(doctor().output())
                .contains("WRONG  Login: Not logged in: workers would fail", "do: codex login, or set CODEX_API_KEY");

        Path config = Files.createDirectory(scratch.resolve("home/.codex")).resolve("config.toml");
        Files.writeString(config, "[profiles.x]\nmodel_provider = \"other\"\n");
        assertThat(doctor().output()).contains("WRONG  Login");
        Files.writeString(config, "model_provider = \"other\"\n");
        assertThat(doctor().output()).contains("note   Login: none; " + config + " names a model_provider");

        variables.put("CODEX_API_KEY", "any");
        assertThat(doctor().output()).contains("ok     Login: none, but CODEX_API_KEY is set");
    }

    @Test
    void findsVariablesThatMakeNoSense() throws Exception {
        variables.putAll(Map.of(
                "CODEX_MCP_MAX_JOBS", "many",
                "CODEX_MCP_DEFAULT_SANDBOX", "none",
                "CODEX_MCP_LOG_LEVEL", "loud",
                "CODEX_MCP_MAXJOBS", "3"));

        Outcome outcome = doctor();

        assertThat(outcome.output())
                .contains("WRONG  CODEX_MCP_MAX_JOBS: \"many\" is not a positive whole number: the server takes 32")
                .contains("WRONG  CODEX_MCP_DEFAULT_SANDBOX: \"none\" is none of read-only, workspace-write,")
                .contains("WRONG  CODEX_MCP_LOG_LEVEL: \"loud\" is none of")
                .contains("WRONG  CODEX_MCP_MAXJOBS: not a variable of this server")
                .endsWith("4 things are wrong.\n");
        assertThat(outcome.output().lines().filter(line -> line.startsWith("       do: ")))
                .hasSize(4);
        assertThat(outcome.exitCode()).isEqualTo(1);
    }

    @Test
    void findsACodexHomeThatIsNotThere() throws Exception {
        variables.put("CODEX_HOME", scratch.resolve("nowhere").toString());

        assertThat(doctor().output()).contains("WRONG  CODEX_HOME: ", "do: create it (mkdir -p), or unset CODEX_HOME");
    }

    @Test
    void showsWhyTheServerDoesNotStart() throws Exception {
        script(launcher, "#!/bin/sh\necho 'no such flag' >&2\nexit 1\n");

        assertThat(doctor().output())
                .contains("WRONG  Start: the server does not answer initialize: no such flag")
                .contains("do: run scripts/codex-mcp-server --version");
    }

    @Test
    void noticesAServerThatAnswersWrongOrEndsBadly() throws Exception {
        script(launcher, SERVER.replace("\"doctor\"", "\"other\""));
        assertThat(doctor().output()).contains("WRONG  Round trip: an answer is missing or strange");

        script(launcher, SERVER + "exit 3\n");
        assertThat(doctor().output()).contains("WRONG  Round trip: the server ended with exit code 3");
    }

    private static void script(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Outcome doctor() throws Exception {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(output, true, UTF_8);
        Terminal terminal = new Terminal(stream, stream, new ByteArrayInputStream(new byte[0]));
        int exitCode = DoctorCommand.run(Optional.of(launcher), new Environment(variables, scratch), terminal);
        return new Outcome(exitCode, output.toString(UTF_8));
    }
}
