package dev.codexmcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.testkit.RealCodex;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code scripts/doctor}: what it finds, and that it says what to do about it. */
class DoctorIT {
    private static final Path LAUNCHER = Path.of(Objects.requireNonNull(System.getProperty("codexmcp.launcher")));
    private static final Path DOCTOR = LAUNCHER.resolveSibling("doctor");

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

    @TempDir
    Path scratch;

    private Path bin;
    private final Map<String, String> environment = new LinkedHashMap<>();

    private record Outcome(int exitCode, String output) {}

    @BeforeEach
    void makeHome() throws IOException {
        bin = Files.createDirectory(scratch.resolve("bin"));
        environment.put("HOME", Files.createDirectory(scratch.resolve("home")).toString());
        environment.put("PATH", bin + ":/usr/bin:/bin");
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        program("codex", CODEX);
    }

    @Test
    void saysThatAllIsWellAndMeasuresTheStart() throws Exception {
        Outcome outcome = doctor();

        assertThat(outcome.output())
                .contains("ok     Java: " + System.getProperty("java.version"))
                .contains("ok     Codex CLI: codex-cli 0.169.0, " + bin.resolve("codex") + " (a script)")
                .contains("ok     Login: Logged in using ChatGPT")
                .contains("note   Codex config: the server is not registered; scripts/install codex does it")
                .containsPattern("ok     Start: \\d+ ms till initialize is answered \\(median of 5, ")
                .containsPattern("ok     Round trip: initialize, tools/list \\(\\d+ tools\\), ping, and its end")
                .endsWith("All is well.\n")
                .doesNotContain("WRONG");
        assertThat(outcome.exitCode()).isZero();
    }

    @Test
    void readsTheRealCliItsLoginAndWhatIsRegistered() throws Exception {
        Files.delete(bin.resolve("codex"));
        Files.createSymbolicLink(bin.resolve("codex"), RealCodex.find().binary());

        assertThat(doctor().output())
                .containsPattern("ok     Codex CLI: codex-cli \\d+\\.\\d+\\.\\d+.*\\(a native program\\)")
                .contains("WRONG  Login: Not logged in", "do: codex login, or set CODEX_API_KEY")
                .endsWith("1 thing is wrong.\n");

        register("");
        environment.put("CODEX_API_KEY", "any");
        Outcome unapproved = doctor();
        assertThat(unapproved.output())
                .contains("ok     Login: none, but CODEX_API_KEY is set")
                .contains("WRONG  Codex config: codex-mcp-server is registered without default_tools_approval_mode")
                .contains("do: scripts/install codex --name=codex-mcp-server");
        assertThat(unapproved.exitCode()).isEqualTo(1);

        register("default_tools_approval_mode = \"approve\"\n");
        Outcome approved = doctor();
        assertThat(approved.output()).contains("ok     Codex config: codex-mcp-server is registered");
        assertThat(approved.exitCode()).isZero();

        register("default_tools_approval_mode = \"sometimes\"\n");
        assertThat(doctor().output()).contains("WRONG  Codex config: ", "unknown variant `sometimes`");
    }

    private void register(String setting) throws IOException {
        Path home = Files.createDirectories(scratch.resolve("home/.codex"));
        Files.writeString(
                home.resolve("config.toml"),
                "[mcp_servers.codex-mcp-server]\ncommand = \"" + LAUNCHER + "\"\n" + setting);
    }

    @Test
    void saysWhatToDoWhereThereIsNoJava() throws Exception {
        environment.put("JAVA_HOME", scratch.toString());

        Outcome outcome = doctor();

        assertThat(outcome.output())
                .contains("WRONG  Java: JAVA_HOME is " + scratch, "do:   point JAVA_HOME at a JDK", "need Java");
        assertThat(outcome.exitCode()).isEqualTo(1);
    }

    @Test
    void refusesAnOldJava() throws Exception {
        Files.createDirectories(scratch.resolve("old/bin"));
        program("../old/bin/java", "#!/bin/sh\necho 'openjdk version \"11.0.21\" 2023-10-17' >&2\n");
        environment.put("JAVA_HOME", scratch.resolve("old").toString());

        assertThat(doctor().output()).contains("WRONG  Java: ", "is Java 11.0.21", "needs Java 17 or newer");
    }

    @Test
    void saysWhatToDoWhereThereIsNoCli() throws Exception {
        Files.delete(bin.resolve("codex"));
        assertThat(doctor().output()).contains("WRONG  Codex CLI: there is no codex on PATH", "do: npm install -g");

        environment.put("CODEX_MCP_CODEX_BIN", "/nowhere/codex");
        assertThat(doctor().output())
                .contains("CODEX_MCP_CODEX_BIN is /nowhere/codex, but there is no such program")
                .contains("ok     Round trip");
    }

    @Test
    void saysWhatToDoWhereTheCliIsBroken() throws Exception {
        program("codex", "#!/bin/sh\necho 'not for this machine' >&2\nexit 126\n");

        assertThat(doctor().output()).contains("--version fails (exit code 126): not for this machine");
    }

    @Test
    void npmsScriptNeedsNode() throws Exception {
        program("codex", "#!/usr/bin/env node\nconsole.log(1)\n");
        for (String tool : List.of("dirname", "readlink")) {
            program(tool, "#!/bin/sh\nexec /usr/bin/" + tool + " \"$@\"\n");
        }
        environment.put("PATH", bin.toString());

        assertThat(doctor().output())
                .contains("a Node script", "but there is no node on PATH", "name the native binary")
                .contains("note   Java: there is none on PATH");
    }

    @Test
    void findsVariablesThatMakeNoSense() throws Exception {
        environment.putAll(Map.of(
                "CODEX_MCP_MAX_JOBS", "many",
                "CODEX_MCP_DEFAULT_SANDBOX", "none",
                "CODEX_MCP_LOG_LEVEL", "loud",
                "CODEX_MCP_MAXJOBS", "3"));

        Outcome outcome = doctor();

        assertThat(outcome.output())
                .contains("WRONG  CODEX_MCP_MAX_JOBS: \"many\" is no positive whole number: the server takes 32")
                .contains("WRONG  CODEX_MCP_DEFAULT_SANDBOX: \"none\" is none of read-only, workspace-write,")
                .contains("WRONG  CODEX_MCP_LOG_LEVEL: \"loud\" is none of")
                .contains("WRONG  CODEX_MCP_MAXJOBS: no variable of this server")
                .endsWith("4 things are wrong.\n");
        assertThat(outcome.output().lines().filter(line -> line.startsWith("       do: ")))
                .hasSize(4);
    }

    @Test
    void findsACodexHomeThatIsNotThere() throws Exception {
        environment.put("CODEX_HOME", scratch.resolve("nowhere").toString());

        assertThat(doctor().output()).contains("WRONG  CODEX_HOME: ", "do: create it (mkdir -p), or unset CODEX_HOME");
    }

    @Test
    void showsWhyTheServerDoesNotStart() throws Exception {
        environment.put("CODEX_MCP_JAVA_OPTS", "-XX:NoSuchFlag");

        assertThat(doctor().output())
                .contains("WRONG  Start: the server does not answer initialize: ", "NoSuchFlag")
                .contains("do: run scripts/codex-mcp-server --version");
    }

    private void program(String name, String text) throws IOException {
        Path program = Files.writeString(bin.resolve(name), text);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Outcome doctor() throws Exception {
        Path output = scratch.resolve("output.txt");
        ProcessBuilder builder = new ProcessBuilder(DOCTOR.toString())
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(output.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        return new Outcome(process.exitValue(), Files.readString(output));
    }
}
