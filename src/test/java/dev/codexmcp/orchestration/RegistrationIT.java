package dev.codexmcp.orchestration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.testkit.CodexHome;
import dev.codexmcp.testkit.CodexRun;
import dev.codexmcp.testkit.ModelScript;
import dev.codexmcp.testkit.ModelServer;
import dev.codexmcp.testkit.RealCodex;
import dev.codexmcp.testkit.ScratchFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** This repository's own {@code .codex/config.toml} in a built clone. */
class RegistrationIT {

    @Test
    void theRegistrationOfThisRepositoryWorksFromAnyFolderOfAClone() throws Exception {
        Path folder = ScratchFolders.fresh(Skill.ROOT.resolve("target/orchestration/registration"));
        Path clone = cloneInto(folder.resolve("a clone"));
        Path below = Files.createDirectories(clone.resolve("docs/reference"));
        try (ModelServer model = ModelServer.start()) {
            CodexHome home = CodexHome.in(folder.resolve("home"), model.baseUrl())
                    .config("[projects.\"" + clone + "\"]\ntrust_level = \"trusted\"")
                    .create();
            Map<String, String> environment = new HashMap<>(home.environment());
            environment.put("JAVA_HOME", System.getProperty("java.home"));
            ModelScript boss = ModelScript.script()
                    .as("ping")
                    .mcp("codex-mcp-server", "ping", Map.of("message", "here"))
                    .as("refused")
                    .mcp("codex-mcp-server", "codex_spawn", Map.of("prompt", "hello", "workingDirectory", "/no/folder"))
                    .say("{{ping}}\n{{refused}}");

            CodexRun run = CodexRun.exec(
                    RealCodex.find().script(), environment, below, boss.prompt(), "--sandbox", "read-only");

            // The spawn reaches the server's own error, so no approval blocks it.
            assertThat(run.completed("agent_message")).hasSize(1);
            assertThat(run.completed("agent_message").get(0).path("text").asText())
                    .startsWith("here\n")
                    .contains("Error in tool \"codex_spawn\"", "/no/folder");
        }
    }

    /** Copies the parts of the repository that the registration needs. */
    private static Path cloneInto(Path clone) throws IOException, InterruptedException {
        Files.createDirectories(clone.resolve(".codex"));
        Files.createDirectories(clone.resolve("scripts"));
        Files.createDirectories(clone.resolve("target"));
        Files.copy(Skill.ROOT.resolve(".codex/config.toml"), clone.resolve(".codex/config.toml"));
        Path launcher = Path.of(Objects.requireNonNull(System.getProperty("codexmcp.launcher")));
        Files.copy(launcher, clone.resolve("scripts/codex-mcp-server"));
        try (Stream<Path> built = Files.list(launcher.resolve("../../target").normalize())) {
            for (Path file : built.filter(file -> file.getFileName().toString().startsWith("codex-mcp-server"))
                    .toList()) {
                Files.createLink(clone.resolve("target").resolve(file.getFileName()), file);
            }
        }
        assertThat(new ProcessBuilder(List.of("git", "init", "-q", clone.toString()))
                        .start()
                        .waitFor())
                .isZero();
        return clone;
    }
}
