package dev.codexmcp.install;

import static dev.codexmcp.install.Scripts.LAUNCHER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.install.Scripts.Outcome;
import dev.codexmcp.testkit.RealCodex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code scripts/doctor} finds problems and explains how to fix them. */
class DoctorIT {
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

    @TempDir
    Path scratch;

    private Scripts scripts;

    @BeforeEach
    void makeHome() throws IOException {
        scripts = new Scripts(scratch);
        scripts.program("codex", CODEX);
    }

    private Outcome doctor() throws Exception {
        return scripts.script("doctor");
    }

    @Test
    void reportsNoProblemsAndMeasuresTheStart() throws Exception {
        Outcome outcome = doctor();

        assertThat(outcome.output())
                .contains("ok     Java: " + System.getProperty("java.version"))
                .contains("ok     Codex CLI: codex-cli 0.169.0, " + scripts.program("codex") + " (a script)")
                .contains("ok     Login: Logged in using ChatGPT")
                .contains("note   Codex config: the server is not registered; run scripts/install codex")
                .containsPattern("ok     Start: \\d+ ms until the response to initialize \\(median of 5, ")
                .containsPattern("ok     Round trip: initialize, tools/list \\(\\d+ tools\\), ping, shutdown")
                .endsWith("No problems found.\n")
                .doesNotContain("WRONG");
        assertThat(outcome.exitCode()).isZero();
    }

    @Test
    void runsThroughTheLauncherToo() throws Exception {
        Outcome outcome = scripts.script("codex-mcp-server", "doctor");

        assertThat(outcome.output()).contains("ok     Round trip").endsWith("No problems found.\n");
        assertThat(outcome.exitCode()).isZero();
    }

    @Test
    void checksTheRealCliItsLoginAndRegistration() throws Exception {
        scripts.link("codex", RealCodex.find().binary());

        assertThat(doctor().output())
                .containsPattern("ok     Codex CLI: codex-cli \\d+\\.\\d+\\.\\d+.*\\(a native program\\)")
                .contains("WRONG  Login: Not logged in", "fix: codex login, or set CODEX_API_KEY")
                .endsWith("1 problem found.\n");

        register("");
        scripts.set("CODEX_API_KEY", "any");
        Outcome unapproved = doctor();
        assertThat(unapproved.output())
                .contains("ok     Login: none, but CODEX_API_KEY is set")
                .contains("WRONG  Codex config: codex-mcp-server is registered without default_tools_approval_mode")
                .contains("fix: scripts/install codex --name=codex-mcp-server");
        assertThat(unapproved.exitCode()).isEqualTo(1);

        register("default_tools_approval_mode = \"approve\"\n");
        Outcome approved = doctor();
        assertThat(approved.output()).contains("ok     Codex config: codex-mcp-server is registered");
        assertThat(approved.exitCode()).isZero();

        register("default_tools_approval_mode = \"sometimes\"\n");
        assertThat(doctor().output()).contains("WRONG  Codex config: ", "unknown variant `sometimes`");
    }

    private void register(String setting) throws IOException {
        Files.createDirectories(scripts.file(".codex"));
        Files.writeString(
                scripts.file(".codex/config.toml"),
                "[mcp_servers.codex-mcp-server]\ncommand = \"" + LAUNCHER + "\"\n" + setting);
    }

    @Test
    void explainsHowToFixAMissingJava() throws Exception {
        scripts.set("JAVA_HOME", scratch);

        Outcome outcome = doctor();

        assertThat(outcome.output())
                .contains("WRONG  Java: JAVA_HOME is " + scratch, "fix: point JAVA_HOME at a JDK", "need Java")
                .endsWith("1 problem found. The other checks need Java.\n");
        assertThat(outcome.exitCode()).isEqualTo(1);
    }

    @Test
    void refusesAnOldJava() throws Exception {
        Files.createDirectories(scratch.resolve("old/bin"));
        scripts.program("../old/bin/java", "#!/bin/sh\necho 'openjdk version \"11.0.21\" 2023-10-17' >&2\n");
        scripts.set("JAVA_HOME", scratch.resolve("old"));

        assertThat(doctor().output()).contains("WRONG  Java: ", "is Java 11.0.21", "needs Java 17 or newer");
    }

    @Test
    void explainsHowToFixAMissingJarThatCannotBeBuilt() throws Exception {
        Path copy = scratch.resolve("copy/scripts");
        Files.createDirectories(copy.resolve("lib"));
        for (String name : List.of("codex-mcp-server", "doctor", "lib/java.sh")) {
            Files.copy(LAUNCHER.resolveSibling(name), copy.resolve(name));
        }

        Outcome outcome = scripts.run("", List.of(copy.resolve("doctor").toString()));

        assertThat(outcome.output())
                .contains("there is no codex-mcp-server.jar in " + copy)
                .contains("WRONG  Jar: missing, and it could not be built", "fix: correct that");
        assertThat(outcome.exitCode()).isEqualTo(1);
    }

    @Test
    void requiresNodeForNpmsScript() throws Exception {
        scripts.program("codex", "#!/usr/bin/env node\nconsole.log(1)\n");
        scripts.withoutJavaOnPath();

        assertThat(doctor().output())
                .contains("a Node script", "but there is no node on PATH", "to the native binary")
                .contains("note   Java: none on PATH");
    }

    @Test
    void showsWhyTheServerDoesNotStart() throws Exception {
        scripts.set("CODEX_MCP_JAVA_OPTS", "-XX:NoSuchFlag");

        assertThat(doctor().output())
                .contains("WRONG  Start: the server does not answer initialize: ", "NoSuchFlag")
                .contains("fix: run scripts/codex-mcp-server --version");
    }

    @Test
    void acceptsNoArguments() throws Exception {
        assertThat(scripts.script("doctor", "me").exitCode()).isEqualTo(2);
        assertThat(scripts.script("doctor", "--help").output()).contains("usage:", "Exit code 0");
        assertThat(Files.getPosixFilePermissions(LAUNCHER.resolveSibling("doctor")))
                .containsAll(PosixFilePermissions.fromString("r-xr-xr-x"));
    }
}
