package dev.codexmcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.testkit.RealCodex;
import dev.codexmcp.testkit.TestJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code scripts/install}, with a home of its own: what it writes, what it leaves alone, and what it puts back. */
class InstallIT {
    private static final Path LAUNCHER = Path.of(Objects.requireNonNull(System.getProperty("codexmcp.launcher")));
    private static final Path INSTALL = LAUNCHER.resolveSibling("install");

    private static final String CODEX = ".codex/config.toml";
    private static final String CLAUDE = ".claude.json";
    private static final String CURSOR = ".cursor/mcp.json";
    private static final String VSCODE = System.getProperty("os.name", "").startsWith("Mac")
            ? "Library/Application Support/Code/User/mcp.json"
            : ".config/Code/User/mcp.json";

    private static final String TOML = """
            # mine
            model = "gpt-5.5"   # this one

            [mcp_servers.other]
            command = "other"   # with a comment
            args = [ "#", # ] [
              '[mcp_servers.codex-mcp-server]' ]

            [notes]
            text = ""\"
            [mcp_servers.codex-mcp-server]
            ""\"
            """;
    private static final String COMMENTED = """
            {
            \t// mine
            \t"inputs": [],
            \t"servers": {
            \t\t"other": { "command": "other", "args": ["//", "/*"] }, // the other one
            \t},
            }
            """;

    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w+)\\n(.*?)^```$");

    @TempDir
    static Path compiled;

    @TempDir
    Path scratch;

    private Path home;
    private Path bin;
    private final Map<String, String> environment = new LinkedHashMap<>();

    private record Outcome(int exitCode, String output) {}

    @BeforeAll
    static void compile() {
        Path source = LAUNCHER.resolveSibling("lib/Install.java");
        int problems = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-Xlint:all", "-Werror", "-d", compiled.toString(), source.toString());
        assertThat(problems).isZero();
    }

    @BeforeEach
    void makeHome() throws IOException {
        home = Files.createDirectory(scratch.resolve("a home"));
        bin = Files.createDirectory(scratch.resolve("bin"));
        environment.put("HOME", home.toString());
        environment.put("PATH", bin + ":/usr/bin:/bin");
        environment.put("JAVA_HOME", System.getProperty("java.home"));
    }

    @Test
    void theCodexCliTakesItsEntryWithApprovalAndTimeout() throws Exception {
        Path codex =
                Files.createSymbolicLink(bin.resolve("codex"), RealCodex.find().binary());

        assertThat(script("codex", "--yes").exitCode()).isZero();

        assertThat(run(List.of(codex.toString(), "mcp", "get", "codex-mcp-server"), "")
                        .output())
                .contains("command: " + LAUNCHER)
                .contains("default_tools_approval_mode: approve")
                .contains("tool_timeout_sec: 3600")
                .contains("CODEX_HOME=");
        assertThat(run(List.of(codex.toString(), "mcp", "list"), "").output())
                .contains("codex-mcp-server")
                .contains("enabled");
    }

    @Test
    void theReadmesEntriesAreGoodOnes() throws Exception {
        String readme = Files.readString(LAUNCHER.resolve("../../README.md").normalize());
        Path codex = RealCodex.find().binary();
        write(CODEX, block(readme, "toml"));

        assertThat(run(List.of(codex.toString(), "mcp", "get", "codex-mcp-server"), "")
                        .output())
                .contains("enabled: true", "default_tools_approval_mode: approve", "tool_timeout_sec: 3600")
                .contains("env: CODEX_HOME=");
        assertThat(BLOCK.matcher(readme)
                        .results()
                        .filter(block -> block.group(1).equals("json")))
                .hasSize(3)
                .allSatisfy(block -> assertThat(TestJson.parse(block.group(2)).findValue("command"))
                        .isNotNull());
    }

    private static String block(String page, String language) {
        return BLOCK.matcher(page)
                .results()
                .filter(block -> block.group(1).equals(language))
                .findFirst()
                .orElseThrow()
                .group(2);
    }

    @Test
    void registersInEachHostThatIsFound() throws Exception {
        program("codex", "exit 0");
        program("claude", "exit 1");
        Files.createDirectories(home.resolve(VSCODE).getParent());

        Outcome outcome = script("--yes");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.output()).contains("Codex: wrote", "Claude Code: wrote", "VS Code: wrote");
        assertThat(home.resolve(CURSOR)).doesNotExist();
        assertThat(TestJson.parse(read(CLAUDE)))
                .isEqualTo(TestJson.parse("{\"mcpServers\":{\"codex-mcp-server\":{\"type\":\"stdio\",\"command\":\""
                        + LAUNCHER + "\",\"args\":[]}}}"));
        assertThat(TestJson.parse(read(VSCODE))
                        .at("/servers/codex-mcp-server/command")
                        .asText())
                .isEqualTo(LAUNCHER.toString());
    }

    @Test
    void aSecondRunFindsNothingToDo() throws Exception {
        install("codex", "claude", "cursor", "vscode", "--yes");
        Map<String, String> files = files();

        Outcome again = install("codex", "claude", "cursor", "vscode", "--yes");

        assertThat(again.exitCode()).isZero();
        assertThat(again.output().lines()).hasSize(4).allMatch(line -> line.contains("nothing to do"));
        assertThat(files()).isEqualTo(files);
    }

    static Stream<Arguments> filesOfHosts() {
        return Stream.of(
                Arguments.of("codex", CODEX, TOML),
                Arguments.of("codex", CODEX, TOML.replace("\n", "\r\n")),
                Arguments.of("codex", CODEX, "model = \"no line feed\""),
                Arguments.of("codex", CODEX, "[mcp_servers]\n\n[mcp_servers.\"a.b\"]\nurl='http://127.0.0.1/'\n\n\n"),
                Arguments.of("claude", CLAUDE, "{\"n\":3,\"mcpServers\":{},\"projects\":{\"/a\":{\"x\":[1,2]}}}"),
                Arguments.of("claude", CLAUDE, "{}"),
                Arguments.of("cursor", CURSOR, "{\n    \"mcpServers\": {\n        \"a\": {}\n    }\n}"),
                Arguments.of("cursor", CURSOR, "{\r\n  \"mcpServers\": {\r\n  }\r\n}\r\n"),
                Arguments.of("vscode", VSCODE, COMMENTED),
                Arguments.of("vscode", VSCODE, "{\n\t\"servers\": {\n\t\t// none yet\n\t}\n}\n"));
    }

    @ParameterizedTest
    @MethodSource("filesOfHosts")
    void changesNothingElseAndPutsItBackByteForByte(String host, String file, String text) throws Exception {
        write(file, text);
        Files.setPosixFilePermissions(home.resolve(file), PosixFilePermissions.fromString("rw-------"));

        Outcome installed = install(host, "--yes");

        assertThat(installed.exitCode()).isZero();
        assertThat(read(file)).contains(LAUNCHER.toString());
        assertThat(removed(text, read(file))).as("lines that are gone").allMatch(line -> isOpenedOrContinued(line));
        assertThat(Files.getPosixFilePermissions(home.resolve(file)))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));

        assertThat(install("--uninstall", "--yes").exitCode()).isZero();
        assertThat(read(file)).isEqualTo(text);
        assertThat(home.resolve(".local/state/codex-mcp-server")).doesNotExist();
    }

    /** A line may get a comma, or an empty object in it be opened; a file of one line is changed in this line. */
    private static boolean isOpenedOrContinued(String line) {
        return line.endsWith("}") || line.contains("{}") || line.contains("}, //");
    }

    private static List<String> removed(String before, String after) {
        List<String> lines = new ArrayList<>(before.lines().toList());
        after.lines().forEach(lines::remove);
        return lines;
    }

    @ParameterizedTest
    @MethodSource("filesOfHosts")
    void takesTheEntryOutOfAFileThatWasChangedSince(String host, String file, String text) throws Exception {
        write(file, text);
        install(host, "--yes");
        String changed = read(file).replace(LAUNCHER.toString(), "/elsewhere/codex-mcp-server");
        write(file, changed);

        assertThat(install(host, "--uninstall", "--yes").exitCode()).isZero();

        assertThat(read(file)).doesNotContain("/elsewhere");
        assertThat(squeezed(read(file))).isIn(squeezed(text), squeezed(withEmptyContainer(text)));
        assertThat(install(host, "--uninstall", "--yes").output()).contains("nothing to do");
    }

    private static String squeezed(String text) {
        return text.replaceAll("\\s+", "").replace(",//", "//").replace(",}", "}");
    }

    private static String withEmptyContainer(String text) {
        return text.equals("{}") ? "{\"mcpServers\":{}}" : text;
    }

    @Test
    void asksBeforeItChangesAnything() throws Exception {
        write(CODEX, TOML);

        for (String answer : List.of("", "n\n", "\n")) {
            Outcome outcome = run(List.of(INSTALL.toString(), "codex"), answer);

            assertThat(outcome.exitCode()).isEqualTo(1);
            assertThat(outcome.output())
                    .contains("+[mcp_servers.codex-mcp-server]", "+command = \"" + LAUNCHER, "nothing was changed");
            assertThat(read(CODEX)).isEqualTo(TOML);
        }
        assertThat(run(List.of(INSTALL.toString(), "codex"), "y\n").exitCode()).isZero();
        assertThat(read(CODEX)).startsWith(TOML).contains("\ncommand = \"" + LAUNCHER);
    }

    @Test
    void aDryRunShowsTheChangeAndEnds() throws Exception {
        Outcome outcome = install("cursor", "--dry-run");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.output()).contains("+++ " + home.resolve(CURSOR), "+    \"codex-mcp-server\": {");
        assertThat(files()).isEmpty();
    }

    @Test
    void anotherServersEntryOfThatNameGetsTheCommandAndKeepsTheRest() throws Exception {
        write(CODEX, """
                [mcp_servers.codex-mcp-server]
                command = "npx"
                args = ["-y", "codex-mcp-server"]
                tool_timeout_sec = 60 # mine

                [mcp_servers.codex-mcp-server.env]
                CODEX_MCP_MAX_JOBS = "3"

                [other]
                """);
        write(CURSOR, """
                {"mcpServers": {"codex-mcp-server": {"command": "npx", "args": ["-y", "x"], "env": {"A": "1"}}}}
                """);

        assertThat(install("codex", "cursor", "--yes").exitCode()).isZero();

        assertThat(read(CODEX))
                .startsWith("[mcp_servers.codex-mcp-server]\ncommand = \"" + LAUNCHER
                        + "\"\nargs = []\ntool_timeout_sec = 60 # mine\ndefault_tools_approval_mode = \"approve\"\n")
                .endsWith("]\n\n[mcp_servers.codex-mcp-server.env]\nCODEX_MCP_MAX_JOBS = \"3\"\n\n[other]\n");
        assertThat(read(CURSOR))
                .isEqualTo("{\"mcpServers\": {\"codex-mcp-server\": {\"command\": \"" + LAUNCHER
                        + "\", \"args\": [], \"env\": {\"A\": \"1\"}}}}\n");
        assertThat(install("codex", "cursor", "--yes").output().lines())
                .allMatch(line -> line.contains("nothing to do"));

        assertThat(install("codex", "cursor", "--uninstall", "--yes").exitCode())
                .isZero();
        assertThat(read(CODEX)).contains("command = \"npx\"\nargs = [\"-y\", \"codex-mcp-server\"]");
        assertThat(read(CURSOR)).contains("{\"command\": \"npx\", \"args\": [\"-y\", \"x\"], \"env\": {\"A\": \"1\"}}");
    }

    @Test
    void aProjectsFilesGoWithTheirFoldersWhenTheyHeldNothingElse() throws Exception {
        Path project = Files.createDirectory(scratch.resolve("project"));

        assertThat(install("codex", "claude", "cursor", "vscode", "--project=" + project, "--yes")
                        .exitCode())
                .isZero();
        assertThat(listed(project))
                .containsExactlyInAnyOrder(".codex/config.toml", ".mcp.json", ".cursor/mcp.json", ".vscode/mcp.json");
        assertThat(home.resolve(CODEX)).doesNotExist();

        assertThat(install("--project=" + project, "--uninstall", "--yes").exitCode())
                .isZero();
        assertThat(project).isEmptyDirectory();
    }

    @Test
    void leavesTheRegistrationOfThisRepositoryAlone() throws Exception {
        Path clone = LAUNCHER.resolve("../..").normalize();
        String tracked = Files.readString(clone.resolve(CODEX));

        assertThat(install("codex", "--project=" + clone, "--yes").output()).contains("nothing to do");
        assertThat(clone.resolve(CODEX)).hasContent(tracked);
    }

    @Test
    void handsOnWhereTheWorkersFindTheirConfiguration() throws Exception {
        Path codexHome = Files.createDirectory(scratch.resolve("codex home"));
        environment.put("CODEX_HOME", codexHome.toString());

        install("codex", "claude", "--yes");

        assertThat(codexHome.resolve("config.toml"))
                .content()
                .contains("env_vars = [")
                .contains("\"CODEX_HOME\"");
        assertThat(TestJson.parse(read(CLAUDE)).at("/mcpServers/codex-mcp-server/env"))
                .isEqualTo(TestJson.parse("{\"CODEX_HOME\":\"" + codexHome + "\"}"));
    }

    @Test
    void handsJavaOnWhereThereIsNoneOnPath() throws Exception {
        for (String tool : List.of("dirname", "readlink")) {
            Files.createSymbolicLink(
                    bin.resolve(tool),
                    Stream.of("/bin", "/usr/bin")
                            .map(folder -> Path.of(folder, tool))
                            .filter(Files::exists)
                            .findFirst()
                            .orElseThrow());
        }
        environment.put("PATH", bin.toString());

        assertThat(script("codex", "cursor", "--yes").exitCode()).isZero();

        String java = System.getProperty("java.home");
        assertThat(read(CODEX))
                .contains("env = { JAVA_HOME = \"" + java + "\" }")
                .doesNotContain("\"JAVA_HOME\"");
        assertThat(TestJson.parse(read(CURSOR))
                        .at("/mcpServers/codex-mcp-server/env/JAVA_HOME")
                        .asText())
                .isEqualTo(java);
    }

    @Test
    void putsTheFileBackWhereTheCodexCliDoesNotTakeIt() throws Exception {
        program("codex", "echo 'unknown field' >&2; exit 1");
        write(CODEX, TOML);

        Outcome outcome = install("codex", "--yes");

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.output()).contains("does not take", "put back", "unknown field");
        assertThat(read(CODEX)).isEqualTo(TOML);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mcp_servers = { other = { command = \"x\" } }\n",
                "[mcp_servers]\ncodex-mcp-server = { command = \"x\" }\n",
                "mcp_servers.codex-mcp-server.command = \"x\"\n",
                "[mcp_servers.other]\ncommand = \"no end\n",
                "model = \n",
            })
    void leavesATomlFileAloneThatItCannotChangeSafely(String text) throws Exception {
        write(CODEX, text);

        Outcome outcome = install("codex", "--yes");

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.output()).contains("line ", "stays as it is");
        assertThat(read(CODEX)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"mcpServers\": {",
                "{\"mcpServers\": []}",
                "[1]",
                "{\"a\": nothing}",
                "{\"mcpServers\": {\"codex-mcp-server\": {\"url\": \"http://127.0.0.1/\"}}}",
            })
    void leavesAJsonFileAloneThatItCannotChangeSafely(String text) throws Exception {
        write(CURSOR, text);

        assertThat(install("cursor", "--yes").exitCode()).isEqualTo(1);
        assertThat(read(CURSOR)).isEqualTo(text);
    }

    @Test
    void aLinkToAFileStaysALink() throws Exception {
        Path real = Files.writeString(scratch.resolve("dotfiles.toml"), TOML);
        Files.createDirectories(home.resolve(CODEX).getParent());
        Files.createSymbolicLink(home.resolve(CODEX), real);

        install("codex", "--yes");

        assertThat(home.resolve(CODEX)).isSymbolicLink();
        assertThat(real).content().contains(LAUNCHER.toString());
        install("codex", "--uninstall", "--yes");
        assertThat(real).hasContent(TOML);
    }

    @Test
    void saysWhatItDoesNotUnderstand() throws Exception {
        assertThat(script("emacs").exitCode()).isEqualTo(2);
        assertThat(install("codex", "--name=a b").exitCode()).isEqualTo(2);
        assertThat(install().output()).contains("no host was found");
        assertThat(script("--help"))
                .satisfies(help -> assertThat(help.exitCode()).isZero())
                .satisfies(help -> assertThat(help.output()).contains("usage:", "--uninstall"));
        environment.put("JAVA_HOME", scratch.toString());
        assertThat(script("codex").output()).contains("no bin/java");
    }

    /** What the script runs, compiled once: the script itself has Java compile it each time. */
    private Outcome install(String... arguments) throws Exception {
        List<String> command = List.of(
                System.getProperty("java.home") + "/bin/java",
                "-XX:TieredStopAtLevel=1",
                "-Dfile.encoding=UTF-8",
                "-cp",
                compiled.toString(),
                "Install",
                LAUNCHER.toString());
        return run(Stream.concat(command.stream(), Stream.of(arguments)).toList(), "");
    }

    private Outcome script(String... arguments) throws Exception {
        return run(
                Stream.concat(Stream.of(INSTALL.toString()), Stream.of(arguments))
                        .toList(),
                "");
    }

    /** Runs a program with this test's environment and nothing else. */
    private Outcome run(List<String> command, String input) throws Exception {
        Path output = scratch.resolve("output.txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(scratch.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        try (var stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(UTF_8));
        }
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        return new Outcome(process.exitValue(), Files.readString(output));
    }

    private void program(String name, String body) throws IOException {
        Path program = Files.writeString(bin.resolve(name), "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private String read(String file) throws IOException {
        return Files.readString(home.resolve(file));
    }

    private void write(String file, String text) throws IOException {
        Path path = home.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private Map<String, String> files() throws IOException {
        Map<String, String> files = new LinkedHashMap<>();
        for (String file : listed(home)) {
            files.put(file, read(file));
        }
        return files;
    }

    private static List<String> listed(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .toList();
        }
    }
}
