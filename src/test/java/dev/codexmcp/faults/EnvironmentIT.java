package dev.codexmcp.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.testkit.ProcessProbe;
import dev.codexmcp.testkit.TestJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the workers inherit from the user, and what reaches the log and the disk. */
class EnvironmentIT {
    /** Names that a shell script is likely to use, and the user too. */
    private static final String NAMES =
            "archive arguments build builder built count detach dir exec file fail followed here "
                    + "home i IFS_ jar java java_home java_major JAVA_OPTS key launch last link lock major name new "
                    + "option out path quiet release root script size target value version waited wanted";

    /** What a shell passes to every program it starts. */
    private static final Set<String> OF_THE_SHELL = Set.of("PWD", "OLDPWD", "SHLVL", "_");

    @TempDir
    Path scratch;

    private final List<ShellClient> servers = new ArrayList<>();
    private String cookies = "";

    @BeforeEach
    void installCodex() {
        ShellCodex.install(scratch);
    }

    @AfterEach
    void endServers() {
        servers.forEach(ShellClient::close);
        ProcessProbe.inDirectory(scratch).kill();
        servers.forEach(server -> assertThat(server.strays()).isEmpty());
    }

    private ShellClient start(ShellCodexServer launch) {
        ShellClient server = launch.start();
        servers.add(server);
        server.initialize();
        return server;
    }

    private Map<String, String> environmentOfAWorker(ShellClient server) throws IOException {
        String job = server.spawn("cat /proc/$$/environ >environment");
        server.awaitEnd(job);
        Map<String, String> environment = new TreeMap<>();
        for (String entry : Files.readString(scratch.resolve("environment")).split("\0")) {
            int equals = entry.indexOf('=');
            environment.put(entry.substring(0, equals), entry.substring(equals + 1));
        }
        cookies = String.valueOf(environment.remove("CODEX_MCP_JOB"));
        assertThat(cookies).endsWith("/" + job);
        environment.keySet().removeAll(OF_THE_SHELL);
        return environment;
    }

    @Test
    void workersGetTheUsersEnvironmentAsItIs() throws Exception {
        ShellCodexServer launch = ShellCodexServer.in(scratch)
                .with("MULTIPLE_LINES", "one\ntwo = 2\n")
                .with("EMPTY", "")
                .with("SCRIPTS", "äЖ漢😀")
                .with("OPENAI_API_KEY", "sk-123")
                .with("LANG", "C")
                .with("TZ", "Asia/Tokyo");
        for (String name : NAMES.split(" ")) {
            launch = launch.with(name, "the user's " + name);
        }

        assertThat(environmentOfAWorker(start(launch))).isEqualTo(new TreeMap<>(launch.environment()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"C", "POSIX", "de_DE.UTF-8", "xx_XX"})
    void workersGetTheUsersLocaleBack(String locale) throws Exception {
        ShellClient server = start(ShellCodexServer.in(scratch).with("LC_ALL", locale));

        assertThat(environmentOfAWorker(server)).containsEntry("LC_ALL", locale);
    }

    @Test
    void serverWithinAWorkerAddsItsOwnCookie() throws Exception {
        ShellClient server = start(ShellCodexServer.in(scratch).with("CODEX_MCP_JOB", "outer/job"));

        assertThat(environmentOfAWorker(server))
                .isEqualTo(new TreeMap<>(ShellCodexServer.in(scratch).environment()));
        assertThat(cookies).startsWith("outer/job ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "error", "warn", "info"})
    void neitherPromptsNorKeysNorWhatWorkersSayIsLogged(String level) throws Exception {
        ShellCodexServer launch = ShellCodexServer.in(scratch).with("OPENAI_API_KEY", "SECRET-key");
        ShellClient server = start(level.isEmpty() ? launch : launch.with("CODEX_MCP_LOG_LEVEL", level));

        String job = server.spawn("echo SECRET output; echo SECRET error >&2; exit 3 # SECRET prompt");
        server.awaitEnd(job);
        server.events(job);
        server.get(server.ask("codex_spawn", TestJson.object().put("prompt", 5).put("model", "SECRET")));
        server.get(server.ask("SECRET", TestJson.object()));
        server.get(server.requestAsync("SECRET/method", TestJson.object()));
        server.sendText("{\"jsonrpc\":\"2.0\",\"method\":\"SECRET\",\"params\":{\"SECRET\":1}}\n");
        server.ping();
        String canceled = server.spawn("sleep 1000 # SECRET");
        server.closeStdin();

        assertThat(server.awaitExit()).isZero();
        assertThat(canceled).isNotEmpty();
        assertThat(server.stderr()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"debug, true", "DEBUG, true", "info, false", "warn, false", "error, false"})
    void logLevelDecidesWhatIsLogged(String level, boolean much) throws Exception {
        ShellClient server = start(ShellCodexServer.in(scratch).with("CODEX_MCP_LOG_LEVEL", level));
        String job = server.spawn(":");
        server.awaitEnd(job);
        server.closeStdin();

        assertThat(server.awaitExit()).isZero();
        assertThat(server.stderr().contains("DEBUG")).isEqualTo(much);
    }

    @Test
    void anInvalidLogLevelIsReportedInOneLine() throws Exception {
        ShellClient server = start(ShellCodexServer.in(scratch).with("CODEX_MCP_LOG_LEVEL", "loud"));
        server.closeStdin();

        assertThat(server.awaitExit()).isZero();
        assertThat(server.stderr().lines())
                .singleElement()
                .asString()
                .contains("CODEX_MCP_LOG_LEVEL", "\"loud\"", "warn");
    }

    @Test
    void nothingIsWrittenToTheUsersDisk() throws Exception {
        Path temp = Files.createDirectory(scratch.resolve("temp"));
        Set<String> before = files(scratch);
        ShellClient server = start(ShellCodexServer.in(scratch)
                .with("TMPDIR", temp.toString())
                .with("CODEX_MCP_JAVA_OPTS", "-Djava.io.tmpdir=" + temp));
        String job = server.spawn("echo '{\"type\":\"turn.completed\"}'; exit 1");
        server.awaitEnd(job);
        server.events(job);
        server.cancel(server.spawn("exec sleep 1000"), true);
        server.closeStdin();

        assertThat(server.awaitExit()).isZero();
        assertThat(files(scratch)).isEqualTo(before);
        assertThat(Path.of("/tmp/hsperfdata_" + System.getProperty("user.name"), String.valueOf(server.pid())))
                .doesNotExist();
    }

    private static Set<String> files(Path directory) {
        try (Stream<Path> all = Files.walk(directory)) {
            Set<String> names = new TreeSet<>();
            all.filter(Files::isRegularFile)
                    .forEach(file -> names.add(directory.relativize(file).toString()));
            return names;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
