package dev.codexmcp.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostTableTest {
    private static HostLimits limits(String client, boolean progressWanted) {
        return HostTable.DEFAULT.limits(client, progressWanted);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "testkit", "Codex", "claude", "opencoder", "my-opencode"})
    void anUnknownHostGetsPagesOf16KilobytesAndNoLimit(String client) {
        assertThat(limits(client, true)).isEqualTo(new HostLimits(16 * 1024, false, false, OptionalLong.empty()));
        assertThat(limits(client, false)).isEqualTo(HostLimits.UNKNOWN);
    }

    @ParameterizedTest
    @CsvSource({
        "claude-code, 32768, false, false",
        "codex-mcp-client, 32768, true, false",
        "copilot-cli, 16384, true, false",
        "gemini-cli-mcp-client, 24576, true, false",
        "gemini-cli-mcp-client-codex, 24576, true, false",
        "qwen-cli-mcp-client-codex-mcp-server, 24576, true, false",
        "opencode, 32768, false, false",
        "@cline/core, 7168, true, true",
        "continue-cli-client, 32768, false, false"
    })
    void aKnownHostGetsPagesThatItDoesNotCut(String client, int pageBytes, boolean cutsTexts, boolean showsBoth) {
        HostLimits limits = limits(client, false);

        assertThat(limits.pageBytes()).isEqualTo(pageBytes);
        assertThat(limits.cutsTexts()).isEqualTo(cutsTexts);
        assertThat(limits.showsBoth()).isEqualTo(showsBoth);
    }

    @ParameterizedTest
    @CsvSource({
        "@cline/core, true, 50000",
        "@cline/core, false, 50000",
        "continue-cli-client, false, 50000",
        "codex-mcp-client, true, 290000",
        "gemini-cli-mcp-client, true, 590000",
        "qwen-cli-mcp-client-x, true, 590000",
        "opencode, false, 50000",
        "copilot-cli, false, 50000"
    })
    void aCallIsAnsweredBeforeItsHostGivesUp(String client, boolean progressWanted, long millis) {
        assertThat(limits(client, progressWanted).maxWaitMillis()).hasValue(millis);
        assertThat(limits(client, progressWanted).cap(Long.MAX_VALUE)).isEqualTo(millis);
        assertThat(limits(client, progressWanted).cap(5)).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"opencode", "copilot-cli", "claude-code"})
    void aHostThatProgressKeepsWaitingHasNoLimit(String client) {
        assertThat(limits(client, true).maxWaitMillis()).isEmpty();
    }

    @Test
    void claudeCodesOwnSettingCounts() {
        HostTable set = new HostTable(OptionalLong.empty(), OptionalLong.of(6000));

        assertThat(set.limits("claude-code", true).maxWaitMillis()).hasValue(5000);
        assertThat(set.limits("opencode", true).maxWaitMillis()).isEmpty();
    }

    @Test
    void theUsersSettingCountsForEveryHost() {
        HostTable set = new HostTable(OptionalLong.of(120_000), OptionalLong.of(6000));

        assertThat(set.limits("", false).maxWaitMillis()).hasValue(120_000);
        assertThat(set.limits("claude-code", true).maxWaitMillis()).hasValue(120_000);
        assertThat(set.limits("@cline/core", false).maxWaitMillis()).hasValue(120_000);
    }

    @Test
    void thePageShowsTheTable() throws IOException {
        String page = Files.readString(Path.of("docs/tools.md"));

        assertThat(Arrays.stream(KnownHost.values()).map(HostTableTest::row))
                .allSatisfy(row -> assertThat(page).contains(row));
    }

    private static String row(KnownHost host) {
        OptionalLong wait = limits(host.client(), false).maxWaitMillis();
        String seconds = wait.isPresent() ? wait.getAsLong() / 1000 + " s" : "as its `MCP_TOOL_TIMEOUT` says";
        return "| `" + host.client() + "` | " + host.version() + " | " + host.pageBytes() / 1024 + " KB | "
                + (host.cutsTexts() ? "in parts" : "whole") + " | "
                + (host.showsBoth() ? "both, so it gets text only" : "text or structured content") + " | "
                + (wait.isPresent()
                                && limits(host.client(), true).maxWaitMillis().isEmpty()
                        ? "any time with progress, else " + seconds
                        : seconds)
                + " |";
    }
}
