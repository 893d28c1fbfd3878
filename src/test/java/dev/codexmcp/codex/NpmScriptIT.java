package dev.codexmcp.codex;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares {@link NpmScript} with npm's own script under Node, in the layouts of several package managers. */
class NpmScriptIT {
    private static final String NOTE = "{\"name\":\"@openai/codex\",\"installId\":%s}";

    @TempDir
    Path temp;

    private Path root = Path.of("");
    private final Map<String, String> variables = new HashMap<>();

    @BeforeEach
    void resolveLinks() throws IOException {
        root = temp.toRealPath();
    }

    @Test
    void startsAGlobalNpmInstallationLikeTheScript() throws Exception {
        assertThat(startedAlike(NpmLayout.npmGlobal(root))).contains("CODEX_MANAGED_BY_NPM=1");
    }

    @Test
    void startsALocalNpmInstallationLikeTheScript() throws Exception {
        assertThat(startedAlike(NpmLayout.npmLocal(root)))
                .contains(
                        "CODEX_MANAGED_BY_NPM=1", "CODEX_MANAGED_PACKAGE_ROOT=" + root + "/node_modules/@openai/codex");
    }

    @Test
    void startsTheScriptPathLikeTheScript() throws Exception {
        NpmLayout layout = NpmLayout.npmLocal(root);
        startedAlike(new NpmLayout(layout.script(), layout.script(), layout.binary()));
    }

    @Test
    void startsABunInstallationLikeTheScript() throws Exception {
        assertThat(startedAlike(NpmLayout.bunGlobal(root))).contains("CODEX_MANAGED_BY_BUN=1");
    }

    @Test
    void startsAPnpmInstallationLikeTheScript() throws Exception {
        assertThat(startedAlike(NpmLayout.pnpm(root))).contains("CODEX_MANAGED_BY_PNPM=1");
    }

    @ParameterizedTest
    @CsvSource({
        "@openai/codex, ''",
        "@openai/codex, null",
        "@openai/codex#a1, '\"#a1\"'",
        "@openai/codex/a2, '\"a2\"'",
    })
    void startsAVitePlusInstallationLikeTheScript(String folder, String id) throws Exception {
        NpmLayout layout = NpmLayout.vitePlus(root, folder, NOTE.formatted(id.isEmpty() ? "\"\"" : id));
        assertThat(startedAlike(layout)).contains("CODEX_MANAGED_BY_VITE_PLUS=1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{\"name\":\"other\"}",
                "{\"name\":\"@openai/codex\",\"installId\":7}",
                "{\"name\":\"@openai/codex\",\"installId\":\"other\"}"
            })
    void ignoresVitePlusMetadataOfOtherPackages(String note) throws Exception {
        assertThat(startedAlike(NpmLayout.vitePlus(root, "@openai/codex", note)))
                .contains("CODEX_MANAGED_BY_NPM=1");
    }

    @ParameterizedTest
    @CsvSource({
        "npm_config_user_agent, bun/1.2.3 npm/? node/v24, BUN",
        "npm_config_user_agent, npm/10.8.2 node/v20.20.2 linux x64, NPM",
        "npm_config_user_agent, bunny 1, NPM",
        "npm_execpath, /home/me/.bun/bin/bun, BUN",
        "npm_execpath, /usr/lib/node_modules/npm/bin/npm-cli.js, NPM",
    })
    void usesTheEnvironmentLikeTheScript(String name, String value, String manager) throws Exception {
        variables.put(name, value);
        assertThat(startedAlike(NpmLayout.npmLocal(root))).contains("CODEX_MANAGED_BY_" + manager + "=1");
    }

    @Test
    void replacesVariablesSetByAnOuterCli() throws Exception {
        variables.putAll(Map.of(
                "CODEX_MANAGED_BY_NPM", "1",
                "CODEX_MANAGED_BY_BUN", "1",
                "CODEX_MANAGED_BY_PNPM", "1",
                "CODEX_MANAGED_BY_VITE_PLUS", "1",
                "CODEX_MANAGED_PACKAGE_ROOT", "/elsewhere"));
        assertThat(startedAlike(NpmLayout.pnpm(root)).lines().filter(line -> line.startsWith("CODEX_MANAGED")))
                .hasSize(2);
    }

    @Test
    void detectsAnUpgrade() throws Exception {
        NpmLayout layout = NpmLayout.npmGlobal(root);
        CodexCli cli = cli(layout);
        assertThat(cli.program().kind()).isEqualTo(CodexProgram.Kind.NATIVE);

        byte[] known = Files.readAllBytes(layout.script());
        FileTime modified = Files.getLastModifiedTime(layout.script());
        byte[] newer = known.clone();
        newer[known.length - 1] = ' ';
        Files.write(layout.script(), newer); // same file, length and time
        Files.setLastModifiedTime(layout.script(), modified);
        assertThat(cli.program())
                .isEqualTo(CodexProgram.script(
                        layout.program().toString(), "this server does not know this version of the script"));

        Files.write(layout.script(), known);
        assertThat(cli.program().path()).isEqualTo(layout.binary().toString());
    }

    @Test
    void detectsAnUpgradeThatMovesOnlyTheProgram() throws Exception {
        NpmLayout layout = NpmLayout.npmGlobal(root);
        CodexCli cli = cli(layout);
        cli.program();
        Path old = layout.script().resolve("../../node_modules").normalize();
        Path aside = root.resolve("aside");

        Files.move(old, aside);
        assertThat(cli.program().fallback())
                .hasValueSatisfying(why -> assertThat(why).endsWith("is not installed with it"));
        Files.move(
                aside.resolve("@openai").resolve(platform(aside)),
                layout.script().resolve("../../..").normalize().resolve(platform(aside)));

        assertThat(cli.program().path())
                .isEqualTo(layout.binary().toString().replace("/codex/node_modules/@openai/", "/"));
    }

    private static String platform(Path modules) throws IOException {
        try (var folders = Files.list(modules.resolve("@openai"))) {
            return folders.findFirst().orElseThrow().getFileName().toString();
        }
    }

    @Test
    void followsALinkThatIsChangedToAnotherInstallation() throws Exception {
        NpmLayout one = NpmLayout.npmLocal(root.resolve("one"));
        NpmLayout two = NpmLayout.npmLocal(root.resolve("two"));
        Files.delete(two.script());
        Files.createLink(two.script(), one.script()); // as in pnpm's store, which stores equal files once
        Path current = Files.createSymbolicLink(root.resolve("codex"), one.script());
        CodexCli cli = new CodexCli(Optional.of(current.toString()), "");
        assertThat(cli.program().path()).isEqualTo(one.binary().toString());

        Files.delete(current);
        Files.createSymbolicLink(current, two.script());

        assertThat(cli.program().path()).isEqualTo(two.binary().toString());
    }

    @Test
    void startsTheScriptIfTheProgramCannotBeExecuted() throws Exception {
        NpmLayout layout = NpmLayout.npmGlobal(root);
        CodexCli cli = cli(layout);
        cli.program();

        Files.setPosixFilePermissions(layout.binary(), PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(cli.program())
                .isEqualTo(CodexProgram.script(layout.program().toString(), layout.binary() + " cannot be executed"));

        Files.writeString(layout.binary(), "no program");
        Files.setPosixFilePermissions(layout.binary(), PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(new CodexCli(Optional.of(layout.script().toString()), "")
                        .program()
                        .kind())
                .isEqualTo(CodexProgram.Kind.SCRIPT);
    }

    @Test
    void startsTheScriptIfVariablesChangeWhereNodeLooks() throws Exception {
        NpmLayout layout = NpmLayout.npmGlobal(root);
        variables.put("NODE_OPTIONS", "--preserve-symlinks-main");
        variables.put("NODE_PATH", "/opt/modules");

        assertThat(cli(layout).program())
                .isEqualTo(CodexProgram.script(
                        layout.program().toString(), "NODE_OPTIONS, NODE_PATH may change what Node runs"));
    }

    @Test
    void startsTheScriptOnRequest() throws Exception {
        NpmLayout layout = NpmLayout.npmGlobal(root);

        assertThat(new CodexCli(Optional.of(layout.program().toString()), "", Optional.empty()).program())
                .isEqualTo(CodexProgram.script(layout.program().toString(), "CODEX_MCP_NATIVE is off"));
    }

    private CodexCli cli(NpmLayout layout) {
        return new CodexCli(Optional.of(layout.program().toString()), "", Optional.of(NodeEnvironment.of(variables)));
    }

    /** How the native program was started; asserts that it is the same with and without the script. */
    private String startedAlike(NpmLayout layout) throws Exception {
        CodexProgram program = cli(layout).program();
        assertThat(program.path()).isEqualTo(layout.binary().toString());
        assertThat(program.found()).isEqualTo(layout.program().toString());
        assertThat(program.kind()).isEqualTo(CodexProgram.Kind.NATIVE);

        String byScript = run(CodexProgram.plain(layout.program().toString()));
        String byItself = run(program);

        assertThat(byItself).isEqualTo(byScript).contains("two words");
        return byItself;
    }

    private String run(CodexProgram program) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(List.of(program.path(), "exec", "two words", ""))
                .redirectInput(new File("/dev/null"))
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().keySet().removeIf(name -> name.startsWith("npm_") || name.startsWith("NODE_"));
        builder.environment().putAll(variables);
        builder.environment().keySet().removeAll(program.unset());
        builder.environment().putAll(program.environment());
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return said;
    }
}
