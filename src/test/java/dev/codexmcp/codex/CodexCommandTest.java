package dev.codexmcp.codex;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.worker.Cookie;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CodexCommandTest {
    private static final String LAST_OPTION = "--skip-git-repo-check";

    @Test
    void aPromptAloneNeedsFewArguments() {
        CodexCommand command = CodexCommand.exec("do it", WorkerOptions.NONE, Sandbox.WORKSPACE_WRITE);

        assertThat(command.arguments())
                .containsExactly(
                        "exec", "--json", "--sandbox", "workspace-write", "--skip-git-repo-check", "--", "do it");
        assertThat(command.stdin()).isNull();
    }

    @Test
    void putsEveryOptionInItsPlace() {
        WorkerOptions all = new WorkerOptions(
                Optional.of("gpt-5.5"),
                Optional.of("high"),
                Optional.of(Sandbox.DANGER_FULL_ACCESS),
                Optional.of(true),
                Optional.of("/project/a b"));

        assertThat(CodexCommand.exec("do it", all, Sandbox.READ_ONLY).arguments())
                .containsExactly(
                        "exec",
                        "--json",
                        "--model",
                        "gpt-5.5",
                        "-c",
                        "model_reasoning_effort=\"high\"",
                        "--sandbox",
                        "read-only",
                        "-C",
                        "/project/a b",
                        "--skip-git-repo-check",
                        "--",
                        "do it");
    }

    @Test
    void everyKindOfWorkerPassesItsCookieToItsCommands() {
        Cookie cookie = new Cookie("UNSET_COOKIES", "server/\"job\"");
        String setting = "shell_environment_policy.set.UNSET_COOKIES=\"server/\\\"job\\\"\"";

        assertThat(CodexCommand.exec("--json", WorkerOptions.NONE, Sandbox.READ_ONLY)
                        .arguments(cookie))
                .containsExactly(
                        "exec",
                        "--json",
                        "-c",
                        setting,
                        "--sandbox",
                        "read-only",
                        "--skip-git-repo-check",
                        "--",
                        "--json");
        assertThat(CodexCommand.resume("thread", "--json", WorkerOptions.NONE, Sandbox.READ_ONLY)
                        .arguments(cookie))
                .startsWith("exec", "--json", "-c", setting, "--skip-git-repo-check")
                .containsSubsequence(setting, "resume", "thread", "--", "--json");
        assertThat(CodexCommand.search("query").arguments(cookie))
                .startsWith("--search", "exec", "--json", "-c", setting, "-c", "web_search=\"live\"");
        assertThat(CodexCommand.review(
                                new ReviewTarget(
                                        Optional.empty(), true, Optional.empty(), Optional.empty(), Optional.empty()),
                                WorkerOptions.NONE)
                        .arguments(cookie))
                .startsWith("exec", "--json", "-c", setting, "--sandbox")
                .endsWith("review", "--uncommitted");
        assertThat(CodexCommand.help().arguments(cookie)).containsExactly("--help");
    }

    @ParameterizedTest
    @EnumSource
    void usesTheGivenSandboxRegardlessOfTheOptions(Sandbox sandbox) {
        List<String> arguments =
                CodexCommand.exec("p", WorkerOptions.NONE, sandbox).arguments();

        assertThat(arguments.get(arguments.indexOf("--sandbox") + 1)).isEqualTo(sandbox.wire());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "review",
                "resume",
                "fork",
                "help",
                "--help",
                "-h",
                "--",
                "-- review",
                "-x",
                "- list",
                " -",
                "- ",
                "--\n-",
                "",
                " ",
                "--dangerously-bypass-approvals-and-sandbox",
                "line one\nline two",
                "\"quoted\" $(touch x) `touch x` \\",
                "日本語 عربى 😀"
            })
    void anyPromptIsOneArgumentAfterTheDashes(String prompt) {
        CodexCommand command = CodexCommand.exec(prompt, WorkerOptions.NONE, Sandbox.READ_ONLY);

        assertThat(command.arguments())
                .containsExactly("exec", "--json", "--sandbox", "read-only", LAST_OPTION, "--", prompt);
        assertThat(command.stdin()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "a dash alone, -, 1",
        "a byte over 100 KiB, x, 102401",
        "300 KB, x, 300000",
        "few characters of many bytes, 😀, 25601",
    })
    void passesAPromptThatCannotBeAnArgumentOnStdin(String what, String character, int times) {
        String prompt = character.repeat(times);
        CodexCommand command = CodexCommand.exec(prompt, WorkerOptions.NONE, Sandbox.READ_ONLY);

        assertThat(command.arguments())
                .as(what)
                .containsExactly("exec", "--json", "--sandbox", "read-only", LAST_OPTION, "-");
        assertThat(command.stdin()).isEqualTo(prompt.getBytes(UTF_8));
    }

    @ParameterizedTest
    @CsvSource({"x, 102400", "😀, 25600"})
    void aPromptOf100KiBIsStillAnArgument(String character, int times) {
        String prompt = character.repeat(times);
        CodexCommand command = CodexCommand.exec(prompt, WorkerOptions.NONE, Sandbox.READ_ONLY);

        assertThat(command.arguments()).endsWith("--", prompt);
        assertThat(command.stdin()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "gpt-5.5 | --model | gpt-5.5",
                "a b;c=\"d\" | --model | a b;c=\"d\"",
                "--dangerously-bypass-approvals-and-sandbox | --model=--dangerously-bypass-approvals-and-sandbox |",
                "-c=sandbox_mode=\"danger-full-access\" | --model=-c=sandbox_mode=\"danger-full-access\" |",
                "--sandbox=danger-full-access | --model=--sandbox=danger-full-access |",
                "-- | --model=-- |",
                "- | --model=- |",
                "~~ | --model | ~~",
                "= | --model | =",
            })
    void aModelCannotBecomeAFlag(String model, String first, @Nullable String second) {
        WorkerOptions options = options(Optional.of(model), Optional.empty(), Optional.empty());
        List<String> expected = new ArrayList<>(List.of("exec", "--json", first));
        Optional.ofNullable(second).ifPresent(expected::add);
        expected.addAll(List.of("--sandbox", "read-only", LAST_OPTION, "--", "p"));

        assertThat(CodexCommand.exec("p", options, Sandbox.READ_ONLY).arguments())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "/work, -C, /work",
        "relative dir, -C, relative dir",
        "-rf, -C-rf,",
        "--add-dir=/, -C--add-dir=/,",
        "--, -C--,",
        "-, -C-,",
    })
    void aDirectoryCannotBecomeAFlag(String directory, String first, @Nullable String second) {
        WorkerOptions options = options(Optional.empty(), Optional.empty(), Optional.of(directory));
        List<String> expected = new ArrayList<>(List.of("exec", "--json", "--sandbox", "read-only", first));
        Optional.ofNullable(second).ifPresent(expected::add);
        expected.addAll(List.of(LAST_OPTION, "--", "p"));

        assertThat(CodexCommand.exec("p", options, Sandbox.READ_ONLY).arguments())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "high | \"high\"",
                "~~ | \"\"",
                "--help | \"--help\"",
                "x\" sandbox_mode=\"danger-full-access | \"x\\\" sandbox_mode=\\\"danger-full-access\"",
                "x\\ | \"x\\\\\"",
                "x\\\" y | \"x\\\\\\\" y\"",
                "''' | \"'''\"",
                "\"\"\" | \"\\\"\\\"\\\"\"",
                "# no comment | \"# no comment\"",
                "é😀 | \"é😀\"",
            })
    void quotesAnEffortAsATomlString(String effort, String toml) {
        WorkerOptions options = options(Optional.empty(), Optional.of(effort), Optional.empty());

        assertThat(CodexCommand.exec("p", options, Sandbox.READ_ONLY).arguments())
                .containsExactly(
                        "exec",
                        "--json",
                        "-c",
                        "model_reasoning_effort=" + toml,
                        "--sandbox",
                        "read-only",
                        LAST_OPTION,
                        "--",
                        "p");
    }

    @Test
    void escapesControlCharactersInATomlString() {
        assertThat(CodexCommand.tomlString("a\nb\rc\td\be\ff\u0000g\u001fh\u007fi\u0080j"))
                .isEqualTo("\"a\\nb\\rc\\td\\u0008e\\u000cf\\u0000g\\u001fh\\u007fi\u0080j\"");
    }

    @Property
    void aTomlStringDecodesToTheOriginalText(@ForAll String text) {
        String toml = CodexCommand.tomlString(text);

        assertThat(toml).startsWith("\"").endsWith("\"").doesNotContainPattern("[\\x00-\\x1f\\x7f]");
        assertThat(readAsToml(toml)).isEqualTo(text);
    }

    @Property
    void noValueCanAddAnArgument(
            @ForAll String model, @ForAll String effort, @ForAll String directory, @ForAll String prompt) {
        List<String> arguments = CodexCommand.exec(
                        prompt,
                        options(Optional.of(model), Optional.of(effort), Optional.of(directory)),
                        Sandbox.READ_ONLY)
                .arguments();

        int joined = (model.startsWith("-") ? 1 : 0) + (directory.startsWith("-") ? 1 : 0);
        int stdin = prompt.equals("-") ? 1 : 0;
        assertThat(arguments).hasSize(13 - joined - stdin);
    }

    /** Decodes the content of a TOML 1.0 basic string. */
    private static String readAsToml(String toml) {
        StringBuilder text = new StringBuilder();
        for (int i = 1; i < toml.length() - 1; i++) {
            char c = toml.charAt(i);
            assertThat(c).isNotEqualTo('"');
            if (c != '\\') {
                text.append(c);
                continue;
            }
            char escape = toml.charAt(++i);
            switch (escape) {
                case 'n' -> text.append('\n');
                case 'r' -> text.append('\r');
                case 't' -> text.append('\t');
                case '"', '\\' -> text.append(escape);
                case 'u' -> {
                    text.append((char) Integer.parseInt(toml.substring(i + 1, i + 5), 16));
                    i += 4;
                }
                default -> throw new AssertionError("no escape of TOML: " + escape);
            }
        }
        return text.toString();
    }

    private static WorkerOptions options(Optional<String> model, Optional<String> effort, Optional<String> directory) {
        return new WorkerOptions(model, effort, Optional.empty(), Optional.empty(), directory);
    }
}
