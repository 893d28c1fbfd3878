package dev.codexmcp.orchestration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.testkit.NpmPackage;
import java.io.File;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The specs and changes pass OpenSpec's own validation. */
class OpenSpecIT {

    private static final NpmPackage OPENSPEC = new NpmPackage("@fission-ai/openspec", "1.13.2", "openspec", "20 MB");

    @Test
    void everySpecAndChangeIsValid() throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                        OPENSPEC.installed().toString(), "validate", "--all", "--strict", "--no-interactive")
                .directory(Skill.ROOT.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true);
        builder.environment().put("OPENSPEC_TELEMETRY", "0");
        builder.environment().put("DO_NOT_TRACK", "1");
        builder.environment().put("NO_COLOR", "1");

        Process openspec = builder.start();
        String output = new String(openspec.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(openspec.waitFor()).as(output).isZero();
        assertThat(output)
                .contains("2026-01-07-add-codex-subagents-mcp", "codex-mcp-fleet", "codex-mcp-jobs", "0 failed");
    }
}
