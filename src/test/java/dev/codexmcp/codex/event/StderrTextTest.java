package dev.codexmcp.codex.event;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What the real CLI has printed on standard error before it exited without an event. */
class StderrTextTest {
    private static final String WARNING = "WARNING: proceeding, even though we could not create PATH aliases\n";
    private static final String BACKTRACE = "\nStack backtrace:\n   0: <unknown>\n   1: <unknown>\n";

    @Test
    void anErrorGoesOnUntilItsMessageEnds() {
        assertThat(StderrText.error(
                        WARNING + "Error loading config.toml: invalid type: integer `3`, expected a string\n"
                                + "in `model`\n\n"))
                .contains("Error loading config.toml: invalid type: integer `3`, expected a string in `model`");
        assertThat(StderrText.error(WARNING + LineText.STDIN_NOTICE
                        + "\nFailed to read output schema file /no/such: No such file or directory (os error 2)\n"))
                .contains("Failed to read output schema file /no/such: No such file or directory (os error 2)");
        assertThat(StderrText.error("thread 'main' panicked at core/src/lib.rs:1:2:\nindex out of bounds\n"
                        + "note: run with `RUST_BACKTRACE=1`\n"))
                .contains("thread 'main' panicked at core/src/lib.rs:1:2: index out of bounds");
    }

    @Test
    void noLineOfAConfigurationFileIsShown() {
        assertThat(StderrText.error("Error loading config.toml:\n/home/me/config.toml:5:42: unexpected key or value\n"
                        + "  |\n5 | experimental_bearer_token=\"sk-SECRET\" junk\n  |              ^\n"))
                .contains("Error loading config.toml: /home/me/config.toml:5:42: unexpected key or value");
        assertThat(StderrText.error("  |\n5 | token=\"sk-SECRET\" junk\n  |              ^\n"))
                .isEmpty();
    }

    @Test
    void backtracesAndHintsAreNoMessages() {
        assertThat(StderrText.error(WARNING + "Error: Model provider `nope` not found\n" + BACKTRACE))
                .contains("Error: Model provider `nope` not found");
        assertThat(StderrText.error("error: unexpected argument '--nope' found\n\n"
                        + "  tip: to pass '--nope' as a value, use '-- --nope'\n\nUsage: codex exec [OPTIONS]\n\n"
                        + "For more information, try '--help'.\n"))
                .contains("error: unexpected argument '--nope' found");
        assertThat(StderrText.error(WARNING + "\n" + LineText.STDIN_NOTICE + "\n"))
                .isEmpty();
        assertThat(StderrText.error("")).isEmpty();
    }

    @Test
    void withoutAnErrorTheLastLineHasToDo() {
        assertThat(StderrText.error("one\nsh: codex: not found" + BACKTRACE)).contains("sh: codex: not found");
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
