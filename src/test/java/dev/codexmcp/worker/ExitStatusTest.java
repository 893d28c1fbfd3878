package dev.codexmcp.worker;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExitStatusTest {
    @ParameterizedTest
    @CsvSource({
        "0,   0,   , exit code 0",
        "1,   1,   , exit code 1",
        "2,   2,   , exit code 2",
        "101, 101, , exit code 101",
        "127, 127, , exit code 127",
        "128, 128, , exit code 128",
        "129, , SIGHUP, SIGHUP",
        "130, , SIGINT, SIGINT",
        "131, , SIGQUIT, SIGQUIT",
        "134, , SIGABRT, SIGABRT",
        "137, , SIGKILL, SIGKILL",
        "139, , SIGSEGV, SIGSEGV",
        "141, , SIGPIPE, SIGPIPE",
        "143, , SIGTERM, SIGTERM",
        "144, , SIGSTKFLT, SIGSTKFLT",
        "145, 145, , exit code 145",
        "255, 255, , exit code 255",
    })
    void decodesTheExitCodeOrSignal(int exitValue, @Nullable Integer code, @Nullable String signal, String described) {
        ExitStatus status = ExitStatus.of(exitValue);

        assertThat(status).isEqualTo(new ExitStatus(code, signal));
        assertThat(status.describe()).isEqualTo(described);
    }
}
