package dev.codexmcp.install;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.install.ScratchHome.Outcome;
import dev.codexmcp.testkit.TestJson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The entry that each host gets, where it is written, and what each entry says about variables. */
class HostEntriesTest {
    private static final String COPILOT = ".copilot/mcp-config.json";
    private static final String GEMINI = ".gemini/settings.json";
    private static final String OPENCODE = ".config/opencode/opencode.jsonc";
    private static final String QWEN = ".qwen/settings.json";
    private static final String CLINE = ".cline/data/settings/cline_mcp_settings.json";

    @TempDir
    Path scratch;

    private ScratchHome home;

    @BeforeEach
    void makeHome() throws Exception {
        home = new ScratchHome(scratch);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            copilot       | .copilot/mcp-config.json                     | /mcpServers | {"type":"local","command":"L","args":[],"tools":["*"]}
            gemini        | .gemini/settings.json                        | /mcpServers | {"command":"L","args":[],"env":{"CODEX_MCP_MAX_WAIT_MS":"3590000"},"timeout":3600000}
            opencode      | .config/opencode/opencode.jsonc              | /mcp        | {"type":"local","command":["L"]}
            qwen          | .qwen/settings.json                          | /mcpServers | {"command":"L","args":[],"env":{"CODEX_MCP_MAX_WAIT_MS":"3590000"},"timeout":3600000}
            cline         | .cline/data/settings/cline_mcp_settings.json | /mcpServers | {"command":"L","args":[],"env":{"CODEX_MCP_MAX_WAIT_MS":"3590000"},"timeout":3600}
            vscode-remote | .vscode-server/data/User/mcp.json            | /servers    | {"type":"stdio","command":"L","args":[]}
            """)
    void writesTheHostsEntryAndUndoesIt(String host, String file, String container, String entry) throws Exception {
        String mine = "{\n  // mine\n  \"other\": {\"a\": 1.50},\n}\n";
        home.write(file, mine);

        assertThat(home.install(host, "--yes").exitCode()).isZero();

        String text = home.read(file);
        assertThat(text).startsWith("{\n  // mine\n  \"other\": {\"a\": 1.50},\n");
        assertThat(entry(text, container))
                .isEqualTo(TestJson.parse(entry.replace("\"L\"", "\"" + home.launcher() + "\"")));
        assertThat(home.install(host, "--yes").output()).contains("nothing to do");
        assertThat(home.install("--uninstall", "--yes").exitCode()).isZero();
        assertThat(home.read(file)).isEqualTo(mine);
    }

    /** The entry in a file with the comment and the trailing comma of this test. */
    private static JsonNode entry(String text, String container) {
        String json = text.replace("// mine", "").replaceAll(",(\\s*})", "$1");
        return TestJson.parse(json).at(container + "/codex-mcp-server");
    }

    @Test
    void editionsOfVsCodeHaveTheirOwnFolders() throws Exception {
        String stable = ScratchHome.VSCODE;
        Files.createDirectories(home.file(stable).getParent());
        Files.createDirectories(
                home.file(stable.replace("Code/", "Code - Insiders/")).getParent());
        Files.createDirectories(home.file(stable.replace("Code/", "VSCodium/")).getParent());

        assertThat(home.install("--yes").output())
                .contains("VS Code: wrote", "VS Code Insiders: wrote", "VSCodium: wrote");

        assertThat(home.files())
                .containsKeys(
                        stable, stable.replace("Code/", "Code - Insiders/"), stable.replace("Code/", "VSCodium/"));
    }

    @Test
    void theCommandOfARemoteEditorIsNotUsed() throws Exception {
        Path remote = Files.createDirectories(scratch.resolve("a home/.vscode-server/bin/1/bin/remote-cli"));
        home.program("code", "touch \"$HOME/called\"");
        Files.move(home.scratch().resolve("bin/code"), remote.resolve("code"));
        home.set("PATH", remote + ":/usr/bin:/bin");

        assertThat(home.install("--yes").output()).contains("VS Code (remote): wrote");

        assertThat(home.file(".vscode-server/data/User/mcp.json")).exists();
        assertThat(home.file(ScratchHome.VSCODE)).doesNotExist();
        assertThat(home.file("called")).doesNotExist();
    }

    @Test
    void hostsThatReadTheSameProjectFileGetOneEntry() throws Exception {
        Path project = Files.createDirectory(home.scratch().resolve("project"));
        Files.createDirectories(home.file(ScratchHome.VSCODE).getParent());
        Files.createDirectories(home.file(".vscode-server"));
        Files.createDirectories(home.file(".cline"));
        Files.createDirectories(home.file(".qwen"));

        Outcome outcome = home.install("--project=" + project, "--yes");

        assertThat(outcome.exitCode()).isZero();
        assertThat(ScratchHome.listed(project)).containsExactlyInAnyOrder(".vscode/mcp.json", ".qwen/settings.json");
        assertThat(home.install("cline", "--project=" + project, "--yes").output())
                .contains("install: Cline: it has no configuration for one project. Leave out --project");
        assertThat(home.install("--project=" + project, "--uninstall", "--yes").exitCode())
                .isZero();
        assertThat(project).isEmptyDirectory();
    }

    @Test
    void anEntryWithTheTransportOfClinesCommandKeepsItsForm() throws Exception {
        String before = """
                {
                  "mcpServers": {
                    "codex-mcp-server": {
                      "transport": {
                        "type": "stdio",
                        "command": "/old"
                      }
                    }
                  }
                }
                """;
        home.write(CLINE, before);

        assertThat(home.install("cline", "--yes").output()).contains("pass workingDirectory to workers");

        assertThat(entry(home.read(CLINE), "/mcpServers"))
                .isEqualTo(TestJson.parse("{\"transport\":{\"type\":\"stdio\",\"command\":\"" + home.launcher()
                        + "\",\"env\":{\"CODEX_MCP_MAX_WAIT_MS\":\"3590000\"}},\"timeout\":3600}"));
        home.install("cline", "--uninstall", "--yes");
        assertThat(home.read(CLINE)).isEqualTo(before);
    }

    @Test
    void aRemoteServerOfThisNameIsLeftAlone() throws Exception {
        Map<String, String> remotes = Map.of(
                OPENCODE, "{\"mcp\":{\"codex-mcp-server\":{\"type\":\"remote\",\"url\":\"https://x\"}}}",
                COPILOT, "{\"mcpServers\":{\"codex-mcp-server\":{\"type\":\"http\",\"url\":\"https://x\"}}}",
                CLINE,
                        "{\"mcpServers\":{\"codex-mcp-server\":{\"transport\":{\"type\":\"sse\",\"url\":\"https://x\"}}}}");
        for (Map.Entry<String, String> remote : remotes.entrySet()) {
            home.write(remote.getKey(), remote.getValue());
        }

        Outcome outcome = home.install("opencode", "copilot", "cline", "--yes");

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.output().lines().filter(line -> line.contains("has a remote server")))
                .hasSize(3);
        assertThat(home.files()).isEqualTo(remotes);
    }

    @Test
    void geminiGetsReferencesToWhatItWouldWithhold() throws Exception {
        home.set("CODEX_API_KEY", "secret-1").set("OPENAI_API_KEY", "secret-2").set("LOCAL_KEY", "secret-3");
        home.set("SSL_CERT_FILE", "/ca.pem")
                .set("HTTPS_PROXY", "http://me:pw@proxy:1")
                .set("HTTP_PROXY", "http://p:1");
        home.set("CODEX_MCP_MAX_WAIT_MS", "60000");
        home.set("CODEX_MCP_MAX_JOBS", "3").set("UNRELATED_KEY", "secret-4");
        home.write(ScratchHome.CODEX, "[model_providers.mine]\nenv_key = \"LOCAL_KEY\"\n");

        home.install("gemini", "qwen", "--yes");

        assertThat(entry(home.read(GEMINI), "/mcpServers").path("env")).isEqualTo(TestJson.parse("""
                        {"CODEX_API_KEY":"$CODEX_API_KEY","OPENAI_API_KEY":"$OPENAI_API_KEY",
                         "HTTPS_PROXY":"$HTTPS_PROXY","SSL_CERT_FILE":"$SSL_CERT_FILE","LOCAL_KEY":"$LOCAL_KEY"}"""));
        assertThat(entry(home.read(QWEN), "/mcpServers").has("env")).isFalse();
        home.install("codex", "--yes");
        assertThat(home.read(ScratchHome.CODEX)).contains("\"LOCAL_KEY\"", "\"SSL_CERT_FILE\"");
        assertThat(String.join("", home.files().values())).doesNotContain("secret-");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            qwen   | .qwen/settings.json                          | 6000      | {"CODEX_MCP_MAX_WAIT_MS":"5000"}
            gemini | .gemini/settings.json                        | 120000    | {"CODEX_MCP_MAX_WAIT_MS":"110000"}
            cline  | .cline/data/settings/cline_mcp_settings.json | 90.5      | {"CODEX_MCP_MAX_WAIT_MS":"80500"}
            cline  | .cline/data/settings/cline_mcp_settings.json | 0         |
            qwen   | .qwen/settings.json                          | "forever" |
            """)
    void theServerLearnsTheTimeLimitThatAnEntryHas(String host, String file, String limit, String env)
            throws Exception {
        home.write(file, "{\"mcpServers\":{\"codex-mcp-server\":{\"command\":\"/old\",\"timeout\":" + limit + "}}}");

        home.install(host, "--yes");

        assertThat(entry(home.read(file), "/mcpServers"))
                .isEqualTo(TestJson.parse("{\"command\":\"" + home.launcher() + "\",\"timeout\":" + limit
                        + (env == null ? "" : ",\"env\":" + env) + "}"));
    }

    @Test
    void codexGetsAnHourForACallAndTheServerLearnsIt() throws Exception {
        home.write(ScratchHome.CODEX, "");
        home.install("codex", "--yes");

        assertThat(home.read(ScratchHome.CODEX))
                .contains("tool_timeout_sec = 3600\n", "env = { CODEX_MCP_MAX_WAIT_MS = \"3590000\" }\n");
        home.set("CODEX_MCP_MAX_WAIT_MS", "60000");
        home.install("codex", "--uninstall", "--yes");
        home.install("codex", "--yes");
        assertThat(home.read(ScratchHome.CODEX))
                .contains("\"CODEX_MCP_MAX_WAIT_MS\"")
                .doesNotContain("3590000");
    }

    @Test
    void copilotsUserLearnsThatAKeyDoesNotReachWorkers() throws Exception {
        assertThat(home.install("copilot", "--yes").output()).doesNotContain("OPENAI_API_KEY");
        home.install("copilot", "--uninstall", "--yes");
        home.set("OPENAI_API_KEY", "secret");

        assertThat(home.install("copilot", "--yes").output())
                .contains("Copilot CLI does not pass OPENAI_API_KEY on", "codex login");
        assertThat(home.read(COPILOT)).doesNotContain("secret");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            gemini   | mcp add --scope user codex-mcp-server L -e CODEX_HOME=/a home -e CODEX_MCP_MAX_WAIT_MS=3590000 --timeout 3600000
            qwen     | mcp add --scope user codex-mcp-server L -e CODEX_HOME=/a home -e CODEX_MCP_MAX_WAIT_MS=3590000 --timeout 3600000
            copilot  | mcp add codex-mcp-server --env CODEX_HOME=/a home -- L
            opencode | mcp add codex-mcp-server --env CODEX_HOME=/a home -- L
            """)
    void leavesTheChangeToTheHostsOwnCommand(String host, String arguments) throws Exception {
        home.program(host, "echo \"$*\" >\"$HOME/call\"; exit 3");
        home.set("CODEX_HOME", "/a home");

        assertThat(home.install(host, "--yes").output()).contains("the command failed", "--edit-files");

        assertThat(home.read("call").strip()).isEqualTo(arguments.replace(" L", " " + home.launcher()));
    }

    @Test
    void continueGetsAnElementOfItsListAndToolsWithClearNames() throws Exception {
        assertThat(home.install("continue", "--yes").output())
                .contains(
                        "config.yaml does not exist",
                        "would replace the host's defaults",
                        "- name: \"codex-mcp-server\"");
        assertThat(home.files()).isEmpty();
        String mine = "name: Mine # mine\nmodels:\n  - name: m\n";
        home.write(".continue/config.yaml", mine);

        assertThat(home.install("--yes").output()).contains("Continue: wrote");

        assertThat(home.read(".continue/config.yaml")).isEqualTo(mine + """
                mcpServers:
                  - name: "codex-mcp-server"
                    command: "%s"
                    args: []
                    env: {"CODEX_MCP_TOOLS": "jobs"}
                """.formatted(home.launcher()));
        assertThat(home.install("continue", "--yes").output()).contains("nothing to do");
        home.install("--uninstall", "--yes");
        assertThat(home.read(".continue/config.yaml")).isEqualTo(mine);
    }

    @Test
    void printsTheEntryOfHostsThatItDoesNotEdit() throws Exception {
        Files.createDirectories(home.file(".codeium/windsurf"));

        Outcome found = home.install();
        Outcome named = home.install("zed", "jetbrains");

        assertThat(found.exitCode()).isZero();
        assertThat(found.output())
                .contains("Windsurf: this host has not been tried. Paste this entry ("
                        + home.file(".codeium/windsurf/mcp_config.json") + "):")
                .contains("\"command\": \"" + home.launcher() + "\"");
        assertThat(named.exitCode()).isZero();
        assertThat(named.output()).contains("settings.json", "\"context_servers\": {", "Settings | Tools");
        assertThat(home.install("zed", "--uninstall").output())
                .contains("Zed: remove the entry \"codex-mcp-server\" by hand");
        assertThat(home.files()).isEmpty();
    }

    @Test
    void printsAnEntryIfThereIsNoHost() throws Exception {
        Outcome outcome = home.install();

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.output())
                .contains("no host was found: name one (codex, claude, ", "paste this entry")
                .contains("\"mcpServers\": {", "\"command\": \"" + home.launcher() + "\"");
        assertThat(home.files()).isEmpty();
    }
}
