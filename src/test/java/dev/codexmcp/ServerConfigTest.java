package dev.codexmcp;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.codex.CodexCli;
import dev.codexmcp.codex.Sandbox;
import dev.codexmcp.codex.WorkerOptions;
import dev.codexmcp.job.Limits;
import dev.codexmcp.job.SchedulerConfig;
import dev.codexmcp.tool.HostTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerConfigTest {
    private final List<String> complaints = new ArrayList<>();

    @Test
    void usesDefaultsForAnEmptyEnvironment() {
        assertThat(ServerConfig.of(Map.of(), complaints::add))
                .isEqualTo(new ServerConfig(
                        SchedulerConfig.of(32).with(WorkerOptions.NONE, StateFolder.of(Map.of())),
                        Sandbox.WORKSPACE_WRITE,
                        new CodexCli(Optional.empty(), ""),
                        Optional.empty(),
                        true,
                        OptionalInt.empty(),
                        true,
                        HostTable.DEFAULT,
                        true,
                        Optional.of(StateFolder.of(Map.of()).resolve("journal"))));
        assertThat(complaints).isEmpty();
    }

    @Test
    void readsEveryVariable() {
        Map<String, String> environment = Map.ofEntries(
                entry("CODEX_MCP_MAX_JOBS", "5"),
                entry("CODEX_MCP_DEFAULT_MODEL", "gpt-5.5"),
                entry("CODEX_MCP_DEFAULT_EFFORT", "low"),
                entry("XDG_STATE_HOME", "/state"),
                entry("CODEX_MCP_DEFAULT_SANDBOX", "danger-full-access"),
                entry("CODEX_MCP_CODEX_BIN", "/opt/codex"),
                entry("CODEX_MCP_TOOLS", "jobs, ping"),
                entry("CODEX_MCP_MAX_DEPTH", "1"),
                entry("CODEX_MCP_MAX_WAIT_MS", "9000"),
                entry("MCP_TOOL_TIMEOUT", "5000"),
                entry("CODEX_MCP_SOCKET", "off"),
                entry("CODEX_MCP_JOURNAL", "off"),
                entry("CODEX_MCP_SNAPSHOTS", "off"),
                entry("CODEX_MCP_STATELESS", "off"),
                entry("PATH", "/bin:/usr/bin"));

        assertThat(ServerConfig.of(environment, complaints::add))
                .isEqualTo(new ServerConfig(
                        SchedulerConfig.of(5)
                                .with(
                                        new WorkerOptions(
                                                Optional.of("gpt-5.5"),
                                                Optional.of("low"),
                                                Optional.empty(),
                                                Optional.empty(),
                                                Optional.empty()),
                                        Path.of("/state/codex-mcp-server")),
                        Sandbox.DANGER_FULL_ACCESS,
                        new CodexCli(Optional.of("/opt/codex"), "/bin:/usr/bin"),
                        Optional.of("jobs, ping"),
                        false,
                        OptionalInt.of(1),
                        false,
                        new HostTable(OptionalLong.of(9000), OptionalLong.of(5000)),
                        false,
                        Optional.empty()));
        assertThat(complaints).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t"})
    void treatsABlankVariableAsUnset(String nothing) {
        Map<String, String> environment = Map.of(
                "CODEX_MCP_MAX_JOBS", nothing, "CODEX_MCP_DEFAULT_SANDBOX", nothing, "CODEX_MCP_CODEX_BIN", nothing);

        assertThat(ServerConfig.of(environment, complaints::add)).isEqualTo(ServerConfig.of(Map.of(), complaints::add));
        assertThat(complaints).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "' 7 ', 7", "2147483647, 2147483647"})
    void acceptsAnyPositiveNumberOfJobs(String value, int jobs) {
        assertThat(ServerConfig.of(Map.of("CODEX_MCP_MAX_JOBS", value), complaints::add)
                        .scheduler()
                        .jobs())
                .isEqualTo(jobs);
        assertThat(complaints).isEmpty();
    }

    /** The variables of numbers, with values that are not valid and what the server does about each. */
    private static Stream<Arguments> invalidNumbers() {
        return Stream.of(
                        numbers(
                                "CODEX_MCP_MAX_JOBS",
                                "1 to 2147483647; using 32",
                                "0",
                                "-1",
                                "1.5",
                                "1e3",
                                "many",
                                "5 6"),
                        numbers(
                                "CODEX_MCP_MAX_READERS",
                                "1 to 2147483647; using its default",
                                "0",
                                "2147483648",
                                "0x10"),
                        numbers("CODEX_MCP_MAX_WRITERS", "1 to 2147483647; using its default", "0"),
                        numbers("CODEX_MCP_MAX_QUEUED", "1 to 2147483647; using its default", "0"),
                        numbers("CODEX_MCP_MAX_DEPTH", "0 to 2147483647; using no limit", "-1", "2147483648", "no"),
                        numbers("CODEX_MCP_MAX_WAIT_MS", "1 to 2147483647; ignoring it", "0", "2147483648", "60s"),
                        numbers(
                                "CODEX_MCP_MAX_TOKENS",
                                "1 to 9223372036854775807; using no limit",
                                "0",
                                "9223372036854775808",
                                "5G"),
                        numbers("CODEX_MCP_MAX_RUN_MS", "1 to 9223372036854775807; using no limit", "0"),
                        numbers("CODEX_MCP_MAX_IDLE_MS", "1 to 9223372036854775807; using no limit", "-1"))
                .flatMap(rows -> rows);
    }

    private static Stream<Arguments> numbers(String variable, String takes, String... values) {
        return Stream.of(values).map(value -> Arguments.of(variable, value, takes));
    }

    @ParameterizedTest
    @MethodSource("invalidNumbers")
    void anInvalidNumberCountsAsUnsetAndIsReportedOnce(String variable, String value, String takes) {
        assertThat(ServerConfig.of(Map.of(variable, value), complaints::add))
                .isEqualTo(ServerConfig.of(Map.of(), complaints::add));
        assertThat(complaints)
                .containsExactly(variable + " is \"" + value + "\": it must be a whole number from " + takes);
    }

    @Test
    void limitsMayBeLargerThanAnInt() {
        SchedulerConfig config = ServerConfig.of(
                        Map.of(
                                "CODEX_MCP_MAX_TOKENS", "5000000000",
                                "CODEX_MCP_MAX_RUN_MS", "3000000000",
                                "CODEX_MCP_MAX_IDLE_MS", "60000"),
                        complaints::add)
                .scheduler();

        assertThat(config.tokens()).hasValue(5_000_000_000L);
        assertThat(config.defaults().limits())
                .isEqualTo(new Limits(OptionalLong.of(3_000_000_000L), OptionalLong.of(60_000), OptionalLong.empty()));
        assertThat(complaints).isEmpty();
    }

    @Test
    void anInvalidSettingOfTheHostIsNotReported() {
        assertThat(ServerConfig.of(Map.of("MCP_TOOL_TIMEOUT", "soon"), complaints::add))
                .isEqualTo(ServerConfig.of(Map.of(), complaints::add));
        assertThat(complaints).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "READ-ONLY", "read_only", "read-only,workspace-write"})
    void reportsAnUnknownSandboxOnce(String value) {
        assertThat(ServerConfig.of(Map.of("CODEX_MCP_DEFAULT_SANDBOX", value), complaints::add)
                        .defaultSandbox())
                .isEqualTo(Sandbox.WORKSPACE_WRITE);
        assertThat(complaints)
                .containsExactly(
                        "CODEX_MCP_DEFAULT_SANDBOX is \"" + value
                                + "\": it must be one of read-only, workspace-write, danger-full-access; using workspace-write");
    }

    @Test
    void runsTheScriptIfTheNativeProgramIsTurnedOff() {
        assertThat(ServerConfig.of(Map.of("CODEX_MCP_NATIVE", "off"), complaints::add)
                        .cli())
                .isEqualTo(new CodexCli(Optional.empty(), "", Optional.empty()));
        assertThat(ServerConfig.of(Map.of("CODEX_MCP_NATIVE", "on"), complaints::add))
                .isEqualTo(ServerConfig.of(Map.of(), complaints::add));
        assertThat(complaints).isEmpty();
    }

    @Test
    void reportsAnInvalidValueForTheNativeProgram() {
        assertThat(ServerConfig.of(Map.of("CODEX_MCP_NATIVE", "no"), complaints::add))
                .isEqualTo(ServerConfig.of(Map.of(), complaints::add));
        assertThat(complaints).containsExactly("CODEX_MCP_NATIVE is \"no\": it must be on or off; using on");
    }
}
