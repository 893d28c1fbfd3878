package dev.codexmcp.codex;

import static dev.codexmcp.codex.Sandbox.DANGER_FULL_ACCESS;
import static dev.codexmcp.codex.Sandbox.READ_ONLY;
import static dev.codexmcp.codex.Sandbox.WORKSPACE_WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class WorkerOptionsTest {
    private static final WorkerOptions SOME = new WorkerOptions(
            Optional.of("m"), Optional.of("high"), Optional.of(READ_ONLY), Optional.of(false), Optional.of("/d"));

    @Test
    void takesMissingOptionsFromTheOthers() {
        assertThat(WorkerOptions.NONE.or(SOME)).isEqualTo(SOME);
    }

    @Test
    void keepsPresentOptions() {
        WorkerOptions others = new WorkerOptions(
                Optional.of("m2"),
                Optional.of("low"),
                Optional.of(DANGER_FULL_ACCESS),
                Optional.of(true),
                Optional.of("/d2"));

        assertThat(SOME.or(others)).isEqualTo(SOME);
        assertThat(SOME.or(WorkerOptions.NONE)).isEqualTo(SOME);
    }

    @Test
    void treatsEachOptionSeparately() {
        WorkerOptions own = new WorkerOptions(
                Optional.of("own"), Optional.empty(), Optional.empty(), Optional.empty(), Optional.of("/own"));

        assertThat(own.or(SOME))
                .isEqualTo(new WorkerOptions(
                        Optional.of("own"),
                        Optional.of("high"),
                        Optional.of(READ_ONLY),
                        Optional.of(false),
                        Optional.of("/own")));
    }

    /** The call's sandbox and fullAuto, those of the defaults, the server's default, and the result. */
    @ParameterizedTest
    @CsvSource({
        ",                   ,      ,                   ,     READ_ONLY,          READ_ONLY",
        ",                   ,      ,                   ,     DANGER_FULL_ACCESS, DANGER_FULL_ACCESS",
        ",                   true,  ,                   ,     READ_ONLY,          WORKSPACE_WRITE",
        ",                   true,  ,                   ,     DANGER_FULL_ACCESS, WORKSPACE_WRITE",
        ",                   false, ,                   ,     READ_ONLY,          READ_ONLY",
        "READ_ONLY,          true,  ,                   ,     WORKSPACE_WRITE,    READ_ONLY",
        "DANGER_FULL_ACCESS, true,  ,                   ,     WORKSPACE_WRITE,    DANGER_FULL_ACCESS",
        "READ_ONLY,          false, ,                   ,     WORKSPACE_WRITE,    READ_ONLY",
        ",                   ,      READ_ONLY,          ,     WORKSPACE_WRITE,    READ_ONLY",
        ",                   ,      ,                   true, READ_ONLY,          WORKSPACE_WRITE",
        "READ_ONLY,          ,      DANGER_FULL_ACCESS, ,     WORKSPACE_WRITE,    READ_ONLY",
        "READ_ONLY,          ,      ,                   true, WORKSPACE_WRITE,    READ_ONLY",
        ",                   true,  DANGER_FULL_ACCESS, ,     READ_ONLY,          WORKSPACE_WRITE",
        ",                   false, READ_ONLY,          ,     WORKSPACE_WRITE,    READ_ONLY",
        ",                   false, ,                   true, READ_ONLY,          READ_ONLY",
    })
    void choosesTheSandboxOfTheCall(
            @Nullable Sandbox sandbox,
            @Nullable Boolean fullAuto,
            @Nullable Sandbox defaultSandbox,
            @Nullable Boolean defaultFullAuto,
            Sandbox otherwise,
            Sandbox expected) {
        WorkerOptions options = options(sandbox, fullAuto).or(options(defaultSandbox, defaultFullAuto));

        assertThat(options.effectiveSandbox(otherwise)).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource
    void findsASandboxByName(Sandbox sandbox) {
        assertThat(Sandbox.of(sandbox.wire())).contains(sandbox);
        assertThat(Sandbox.of(sandbox.wire() + " ")).isEmpty();
    }

    @Test
    void listsSandboxesFromLeastToMostPermissive() {
        assertThat(Sandbox.words()).containsExactly("read-only", "workspace-write", "danger-full-access");
        assertThat(Sandbox.values()).containsExactly(READ_ONLY, WORKSPACE_WRITE, DANGER_FULL_ACCESS);
    }

    private static WorkerOptions options(@Nullable Sandbox sandbox, @Nullable Boolean fullAuto) {
        return new WorkerOptions(
                Optional.empty(),
                Optional.empty(),
                Optional.ofNullable(sandbox),
                Optional.ofNullable(fullAuto),
                Optional.empty());
    }
}
