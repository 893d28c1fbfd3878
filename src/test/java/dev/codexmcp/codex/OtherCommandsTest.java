package dev.codexmcp.codex;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command lines other than a plain {@code exec}. */
class OtherCommandsTest {
    private static final WorkerOptions HOSTILE = new WorkerOptions(
            Optional.of("m\" x=\"y"), Optional.of("--high"), Optional.empty(), Optional.empty(), Optional.of("-d"));

    @Test
    void resumesATurnWithOptionsFirst() {
        assertThat(CodexCommand.resume("t-1", "go on", WorkerOptions.NONE, Sandbox.READ_ONLY)
                        .arguments())
                .containsExactly(
                        "exec",
                        "--json",
                        "--skip-git-repo-check",
                        "--sandbox",
                        "read-only",
                        "resume",
                        "t-1",
                        "--",
                        "go on");
        CodexCommand hostile = CodexCommand.resume("t-1", "-", HOSTILE, Sandbox.WORKSPACE_WRITE);
        assertThat(hostile.arguments())
                .containsExactly(
                        "exec",
                        "--json",
                        "--skip-git-repo-check",
                        "--sandbox",
                        "workspace-write",
                        "-C-d",
                        "-c",
                        "model=\"m\\\" x=\\\"y\"",
                        "-c",
                        "model_reasoning_effort=\"--high\"",
                        "resume",
                        "t-1",
                        "-");
        assertThat(hostile.stdin()).isEqualTo("-".getBytes(UTF_8));
    }

    /** Base, commit and title; then the arguments after {@code review}. */
    @ParameterizedTest
    @CsvSource({
        ", , , --uncommitted",
        ", , t, --uncommitted --title t",
        "main, , , --base main",
        ", abc, , --commit abc",
        "--help, , , --base=--help",
        ", -x, , --commit=-x",
        ", , --uncommitted, --uncommitted --title=--uncommitted",
        "main, , -t, --base main --title=-t",
    })
    void passesTheReviewTarget(
            @Nullable String base, @Nullable String commit, @Nullable String title, String arguments) {
        ReviewTarget target = target(null, false, base, commit, title);

        assertThat(CodexCommand.review(target, WorkerOptions.NONE).arguments())
                .isEqualTo(List.of(
                        ("exec --json --sandbox read-only --skip-git-repo-check review " + arguments).split(" ")));
        assertThat(CodexCommand.review(target, WorkerOptions.NONE).stdin()).isNull();
    }

    /** Prompt, whether uncommitted, base, commit and title; then the resulting prompt. */
    @ParameterizedTest
    @CsvSource({
        "look, false, , , , look",
        "look, true, , , , 'Review the uncommitted changes in this repository (staged, unstaged and untracked).^look'",
        "look, false, main, , , 'Review the changes of the current branch against the base branch main.^look'",
        "look, false, , abc, , Review the changes that the commit abc introduces.^look",
        "look, false, , abc, My title, Review the changes that the commit abc introduces.^Title of the change: My title^look",
        "--help, false, , , , --help",
    })
    void putsTheReviewTargetIntoThePrompt(
            String prompt,
            boolean uncommitted,
            @Nullable String base,
            @Nullable String commit,
            @Nullable String title,
            String words) {
        ReviewTarget target = target(prompt, uncommitted, base, commit, title);

        assertThat(CodexCommand.review(target, WorkerOptions.NONE).arguments())
                .isEqualTo(List.of(
                        "exec",
                        "--json",
                        "--sandbox",
                        "read-only",
                        "--skip-git-repo-check",
                        "review",
                        "--",
                        words.replace('^', '\n')));
        assertThat(CodexCommand.review(target, WorkerOptions.NONE).stdin()).isNull();
    }

    @Test
    void passesModelAndFolderOfAReview() {
        assertThat(CodexCommand.review(target(null, true, null, null, null), HOSTILE)
                        .arguments())
                .containsExactly(
                        "exec",
                        "--json",
                        "--sandbox",
                        "read-only",
                        "-C-d",
                        "--skip-git-repo-check",
                        "-c",
                        "model=\"m\\\" x=\\\"y\"",
                        "review",
                        "--uncommitted");
    }

    @ParameterizedTest
    @CsvSource({"false, , , 0", "true, , , 1", "false, main, , 1", "false, , abc, 1", "true, main, abc, 3"})
    void countsTheNamedTargets(boolean uncommitted, @Nullable String base, @Nullable String commit, int named) {
        assertThat(target("p", uncommitted, base, commit, "t").named()).isEqualTo(named);
    }

    @Test
    void aSearchPrecedesExecAndIsReadOnly() {
        assertThat(CodexCommand.search("find it").arguments())
                .containsExactly(
                        "--search",
                        "exec",
                        "--json",
                        "-c",
                        "web_search=\"live\"",
                        "--sandbox",
                        "read-only",
                        "--skip-git-repo-check",
                        "--",
                        "find it");
    }

    @Test
    void helpRunsTheCliHelp() {
        assertThat(CodexCommand.help().arguments()).containsExactly("--help");
        assertThat(CodexCommand.help().stdin()).isNull();
    }

    private static ReviewTarget target(
            @Nullable String prompt,
            boolean uncommitted,
            @Nullable String base,
            @Nullable String commit,
            @Nullable String title) {
        return new ReviewTarget(
                Optional.ofNullable(prompt),
                uncommitted,
                Optional.ofNullable(base),
                Optional.ofNullable(commit),
                Optional.ofNullable(title));
    }
}
