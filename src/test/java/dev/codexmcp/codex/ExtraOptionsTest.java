package dev.codexmcp.codex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.codexmcp.worker.Cookie;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExtraOptionsTest {
    private static final ExtraOptions ALL = new ExtraOptions(
            List.of("/a b/-1.png", "/é.png"),
            List.of("/more", "/-x"),
            Optional.of("-p"),
            Optional.empty(),
            Optional.of(true),
            Optional.of(false),
            Optional.of(true));

    private static final List<String> ARGUMENTS = List.of(
            "--profile=-p",
            "-c",
            "sandbox_workspace_write.network_access=true",
            "-c",
            "web_search=\"disabled\"",
            "--add-dir=/more",
            "--add-dir=/-x",
            "--image=/a b/-1.png",
            "--image=/é.png");

    @Test
    void eachOptionIsOneArgumentBeforeThePromptOfEveryCommand() {
        WorkerOptions options = WorkerOptions.NONE.with(ALL);

        assertThat(CodexCommand.exec("p", options, Sandbox.READ_ONLY).arguments())
                .containsSubsequence(ARGUMENTS)
                .endsWith("--skip-git-repo-check", "--", "p");
        assertThat(CodexCommand.resume("thread", "p", options, Sandbox.READ_ONLY)
                        .arguments())
                .containsSubsequence(ARGUMENTS)
                .endsWith("--image=/é.png", "resume", "thread", "--", "p");
        assertThat(CodexCommand.fork("thread", "p", options, Sandbox.READ_ONLY).arguments())
                .containsSubsequence(ARGUMENTS)
                .endsWith("--image=/é.png", "fork", "thread", "--", "p");
    }

    @Test
    void optionsKnownAtTheStartFollowTheCookie() {
        assertThat(CodexCommand.exec("p", WorkerOptions.NONE, Sandbox.READ_ONLY)
                        .arguments(new Cookie("COOKIE", "x"), List.of("--output-schema=/s.json")))
                .startsWith(
                        "exec",
                        "--json",
                        "-c",
                        "shell_environment_policy.set.COOKIE=\"x\"",
                        "--output-schema=/s.json",
                        "--sandbox");
    }

    @Test
    void emptyOptionsComeFromTheDefaults() {
        assertThat(ExtraOptions.NONE.or(ALL)).isEqualTo(ALL);
        assertThat(ALL.or(ExtraOptions.NONE)).isEqualTo(ALL);
        assertThat(ALL.withoutImages().images()).isEmpty();
        assertThat(ALL.withoutImages().or(ALL)).isEqualTo(ALL);
    }

    @Test
    void anImageWithACommaCannotReachTheCli() {
        assertThatThrownBy(() -> new ExtraOptions(
                        List.of("/a,b.png"),
                        List.of(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()))
                .hasMessageContaining("/a,b.png");
    }

    @Test
    void everyEnabledServerIsTurnedOffByItsWholeName() {
        assertThat(
                        McpServerList.turnOff(
                                "[{\"name\":\"a\",\"enabled\":true},{\"name\":\"off\",\"enabled\":false},{\"name\":\"b.c \\\"d\\\"\"}]"))
                .contains(List.of("-c", "mcp_servers={\"a\"={enabled=false},\"b.c \\\"d\\\"\"={enabled=false}}"));
        assertThat(McpServerList.turnOff("[]")).contains(List.of());
        assertThat(McpServerList.turnOff("")).isEmpty();
        assertThat(McpServerList.turnOff("Error")).isEmpty();
        assertThat(McpServerList.turnOff("[{\"enabled\":true}]")).isEmpty();
        assertThat(McpServerList.arguments(ALL)).containsExactly("--profile=-p", "mcp", "list", "--json");
    }

    @Test
    void aProfileIsAFileInTheHomeOfTheCli(@TempDir Path home) throws Exception {
        Files.writeString(home.resolve("fast.config.toml"), "");
        Files.writeString(home.resolve("careful.config.toml"), "");
        Files.writeString(home.resolve("config.toml"), "");

        Profiles profiles = new Profiles(home);

        assertThat(profiles.names()).containsExactly("careful", "fast");
        assertThat(profiles.has("fast")).isTrue();
        assertThat(profiles.has("slow")).isFalse();
        assertThat(new Profiles(home.resolve("none")).names()).isEmpty();
    }
}
