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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The problems that {@code doctor} finds with the Codex CLI, the environment and the server, with stand-ins for both
 * programs.
 */
class DoctorChecksTest {
    /** A CLI with a login and without registered servers. */
    private static final String CODEX = """
            #!/bin/sh
            case "$1 ${2-}" in
            "--version ") echo "codex-cli 0.169.0" ;;
            "login status") echo "Logged in using ChatGPT" ;;
            "mcp list") echo "No MCP servers configured yet." ;;
            *) exit 9 ;;
            esac
            """;

    /** Handles each of the four lines that the doctor sends. */
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
    void reportsNoProblemsForAWorkingSetup() throws Exception {
        Outcome outcome = doctor();

        assertThat(outcome.output())
                .contains("ok     Java: " + System.getProperty("java.version"))
                .contains("ok     Codex CLI: codex-cli 0.169.0, " + bin.resolve("codex") + " (a script)")
                .contains("ok     Login: Logged in using ChatGPT")
                .contains("note   Codex config: the server is not registered; run scripts/install codex")
                .contains("ok     Variables: no CODEX_MCP_ variable is set")
                .contains("ok     Jar: " + scratch.resolve("clone/target/codex-mcp-server.jar"))
                .containsPattern("ok     Start: \\d+ ms until the response to initialize \\(median of 5, ")
                .contains("ok     Round trip: initialize, tools/list (2 tools), ping, shutdown")
                .endsWith("No problems found.\n")
                .doesNotContain("WRONG");
        assertThat(outcome.exitCode()).isZero();
    }

    @Test
    void explainsHowToFixAMissingCli() throws Exception {
        Files.delete(bin.resolve("codex"));
        assertThat(doctor().output()).contains("WRONG  Codex CLI: there is no codex on PATH", "fix: npm install -g");

        variables.put("CODEX_MCP_CODEX_BIN", "/nowhere/codex");
        assertThat(doctor().output())
                .contains("CODEX_MCP_CODEX_BIN is /nowhere/codex, but there is no such program")
                .contains("ok     Round trip");
    }

    @Test
    void acceptsAnyNumberThatTheServerTakes() throws Exception {
        variables.put("CODEX_MCP_MAX_TOKENS", "5000000000");
        variables.put("CODEX_MCP_MAX_RUN_MS", "5000000000");
        assertThat(doctor().output()).contains("ok     Variables: CODEX_MCP_MAX_RUN_MS, CODEX_MCP_MAX_TOKENS");

        variables.put("CODEX_MCP_MAX_QUEUED", "5000000000");
        assertThat(doctor().output())
                .contains("WRONG  CODEX_MCP_MAX_QUEUED: \"5000000000\" is not a whole number from 1 to 2147483647");
    }

    @Test
    void listsWhatServersKeepAndHaveLeft() throws Exception {
        assertThat(doctor().output()).doesNotContain("Copies:", "Snapshots:", "Worktrees:");
        Path state = scratch.resolve("home/.local/state/codex-mcp-server");
        Path copies = Files.createDirectories(state.resolve("kept/restore-1/old"));
        Files.write(copies.resolve("a"), new byte[2_000_000]);
        Files.createDirectories(state.resolve("snapshots/1-1-x"));
        Path worktree = Files.createDirectories(state.resolve("worktrees/fix-1"));
        Files.writeString(worktree.resolve("owner"), "host=" + host() + " boot=gone pid=1 start=1");

        assertThat(doctor().output())
                .contains("note   Copies: 1 of codex_restore, 2.0 MB, in " + state.resolve("kept")
                        + "; each is deleted after 30 days")
                .contains("note   Snapshots: 1 left by killed servers in " + state)
                .contains("note   Worktrees: 1 left by ended servers in " + state.resolve("worktrees"))
                .endsWith("No problems found.\n");
        assertThat(state.resolve("snapshots/1-1-x")).isEmptyDirectory();
    }

    private static String host() throws IOException {
        return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip().replaceAll("[^A-Za-z0-9._-]", "_");
    }

    @Test
    void explainsHowToFixABrokenCli() throws Exception {
        script(bin.resolve("codex"), "#!/bin/sh\necho 'not for this machine' >&2\nexit 126\n");

        assertThat(doctor().output()).contains("--version failed (exit code 126): not for this machine");
    }

    @Test
    void requiresNoLoginWithAKeyOrAnotherProvider() throws Exception {
        script(bin.resolve("codex"), CODEX.replace("echo \"Logged in using ChatGPT\"", "echo 'Not logged in'; exit 1"));
        assertThat(doctor().output())
                .contains("WRONG  Login: Not logged in: workers would fail", "fix: codex login, or set CODEX_API_KEY");

        Path config = Files.createDirectory(scratch.resolve("home/.codex")).resolve("config.toml");
        Files.writeString(config, "[profiles.x]\nmodel_provider = \"other\"\n");
        assertThat(doctor().output()).contains("WRONG  Login");
        Files.writeString(config, "model_provider = \"other\"\n");
        assertThat(doctor().output()).contains("note   Login: none; " + config + " sets a model_provider");

        variables.put("CODEX_API_KEY", "any");
        assertThat(doctor().output()).contains("ok     Login: none, but CODEX_API_KEY is set");
    }

    @Test
    void reportsInvalidVariables() throws Exception {
        variables.putAll(Map.of(
                "CODEX_MCP_MAX_JOBS", "many",
                "CODEX_MCP_DEFAULT_SANDBOX", "none",
                "CODEX_MCP_LOG_LEVEL", "loud",
                "CODEX_MCP_MAXJOBS", "3"));

        Outcome outcome = doctor();

        assertThat(outcome.output())
                .contains("WRONG  CODEX_MCP_MAX_JOBS: \"many\" is not a positive whole number; the server uses 32")
                .contains("WRONG  CODEX_MCP_DEFAULT_SANDBOX: \"none\" is not one of read-only, workspace-write,")
                .contains("WRONG  CODEX_MCP_LOG_LEVEL: \"loud\" is not one of")
                .contains("WRONG  CODEX_MCP_MAXJOBS: unknown variable")
                .endsWith("4 problems found.\n");
        assertThat(outcome.output().lines().filter(line -> line.startsWith("       fix: ")))
                .hasSize(4);
        assertThat(outcome.exitCode()).isEqualTo(1);
    }

    /** A value that makes no sense is reported as such. */
    @Test
    void knowsEveryVariableOfTheReadme() throws Exception {
        List<String> names = Pattern.compile("^\\| `(CODEX_MCP_[A-Z_]+)` \\|", Pattern.MULTILINE)
                .matcher(Files.readString(Path.of("README.md")))
                .results()
                .map(found -> found.group(1))
                .toList();
        names.forEach(name -> variables.put(name, "x"));

        assertThat(names).contains("CODEX_MCP_MAX_JOBS", "CODEX_MCP_MAX_WAIT_MS", "CODEX_MCP_STATELESS");
        assertThat(doctor().output()).doesNotContain("unknown variable");
    }

    @Test
    void reportsACodexHomeThatDoesNotExist() throws Exception {
        variables.put("CODEX_HOME", scratch.resolve("nowhere").toString());

        assertThat(doctor().output()).contains("WRONG  CODEX_HOME: ", "fix: create it (mkdir -p), or unset CODEX_HOME");
    }

    @Test
    void showsWhyTheServerDoesNotStart() throws Exception {
        script(launcher, "#!/bin/sh\necho 'no such flag' >&2\nexit 1\n");

        assertThat(doctor().output())
                .contains("WRONG  Start: the server does not answer initialize: no such flag")
                .contains("fix: run scripts/codex-mcp-server --version");
    }

    @Test
    void reportsAServerWithWrongResponsesOrExitCode() throws Exception {
        script(launcher, SERVER.replace("\"doctor\"", "\"other\""));
        assertThat(doctor().output()).contains("WRONG  Round trip: a response is missing or invalid");

        script(launcher, SERVER + "exit 3\n");
        assertThat(doctor().output()).contains("WRONG  Round trip: the server exited with code 3");
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
