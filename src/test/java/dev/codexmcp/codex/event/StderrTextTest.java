package dev.codexmcp.codex.event;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What the real CLI has printed on standard error before it exited without an event. */
class StderrTextTest {
    @Test
    void anErrorExtendsToTheEndOfItsMessage() {
        assertThat(StderrText.error("""
                WARNING: proceeding, even though we could not create PATH aliases
                Error loading config.toml: invalid type: integer `3`, expected a string
                in `model`

                """))
                .contains("Error loading config.toml: invalid type: integer `3`, expected a string in `model`");
        assertThat(StderrText.error("""
                Reading additional input from stdin...
                Failed to read output schema file /no/such: No such file or directory (os error 2)
                """))
                .contains("Failed to read output schema file /no/such: No such file or directory (os error 2)");
        assertThat(StderrText.error("""
                thread 'main' panicked at core/src/lib.rs:1:2:
                index out of bounds
                note: run with `RUST_BACKTRACE=1`
                """))
                .contains("thread 'main' panicked at core/src/lib.rs:1:2: index out of bounds");
    }

    @Test
    void noLineOfAConfigurationFileIsShown() {
        assertThat(StderrText.error("""
                Error loading config.toml:
                /home/me/config.toml:5:42: unexpected key or value
                  |
                5 | experimental_bearer_token="sk-SECRET" junk
                  |                                       ^
                """))
                .contains("Error loading config.toml: /home/me/config.toml:5:42: unexpected key or value");
        assertThat(StderrText.error("""
                  |
                5 | token="sk-SECRET" junk
                  |                   ^
                """)).isEmpty();
    }

    @Test
    void backtracesAndHintsAreNotMessages() {
        assertThat(StderrText.error("""
                WARNING: proceeding, even though we could not create PATH aliases
                Error: Model provider `nope` not found

                Stack backtrace:
                   0: <unknown>
                   1: <unknown>
                """)).contains("Error: Model provider `nope` not found");
        assertThat(StderrText.error("""
                error: unexpected argument '--nope' found

                  tip: to pass '--nope' as a value, use '-- --nope'

                Usage: codex exec [OPTIONS]

                For more information, try '--help'.
                """)).contains("error: unexpected argument '--nope' found");
        assertThat(StderrText.error("warning: Untrusted project-local configuration is disabled.\n"))
                .isEmpty();
        assertThat(StderrText.error("\n" + LineText.STDIN_NOTICE + "\n")).isEmpty();
        assertThat(StderrText.error("")).isEmpty();
    }

    @Test
    void withoutAnErrorTheLastLineHasToDo() {
        assertThat(StderrText.error("""
                one
                sh: codex: not found

                Stack backtrace:
                   0: <unknown>
                """)).contains("sh: codex: not found");
    }

    @Test
    void aMessageIsOneShortLineWithoutControls() {
        assertThat(StderrText.error("\u001b[31mError\u001b[0m: it\u0007 broke\r\n"))
                .contains("Error: it broke");
        assertThat(StderrText.error("Error: " + "x".repeat(2_000_000)).orElseThrow())
                .hasSize(Failure.LENGTH)
                .endsWith("…");
    }
}
