package dev.codexmcp.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.testkit.McpClient;
import dev.codexmcp.testkit.ModelScript;
import dev.codexmcp.testkit.ToolOutput;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Reviews in a git repository with two branches and an uncommitted edit. The model returns its prompt, which the CLI
 * builds from its arguments.
 */
class ReviewIT {

    @RegisterExtension
    private final EndToEndFixture bench = new EndToEndFixture();

    private Path repository = Path.of("");

    @BeforeEach
    void makeRepository() throws Exception {
        repository = bench.folder("repository");
        git("init", "-q", "-b", "main");
        commit("one");
        git("checkout", "-q", "-b", "feature");
        commit("two");
        Files.writeString(repository.resolve("a.txt"), "not committed");
    }

    private void commit(String content) throws Exception {
        Files.writeString(repository.resolve("a.txt"), content);
        git("add", ".");
        git("-c", "user.name=Test", "-c", "user.email=test@example.org", "commit", "-q", "-m", content);
    }

    private void git(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("git", "-C", repository.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder git = new ProcessBuilder(command).inheritIO().redirectInput(new File("/dev/null"));
        git.environment().putAll(bench.home().environment());
        assertThat(git.start().waitFor()).as(command.toString()).isZero();
    }

    private ToolOutput review(McpClient client, Map<String, ?> arguments) {
        return client.call("review", inRepository(arguments));
    }

    private Map<String, Object> inRepository(Map<String, ?> arguments) {
        Map<String, Object> all = new LinkedHashMap<>(arguments);
        all.put("workingDirectory", repository.toString());
        return all;
    }

    @Test
    void everyTargetReachesTheReviewerAndAPromptKeepsIt() {
        McpClient client = bench.start();
        Map<Map<String, Object>, String> expected = new LinkedHashMap<>();
        expected.put(Map.of(), "Review the current code changes (staged, unstaged, and untracked files)");
        expected.put(
                Map.of("uncommitted", true), "Review the current code changes (staged, unstaged, and untracked files)");
        expected.put(Map.of("base", "main"), "Review the code changes against the base branch 'main'.");
        expected.put(Map.of("commit", "HEAD"), "Review the code changes introduced by commit HEAD.");
        expected.put(
                Map.of("commit", "HEAD", "title", "A \"title\""),
                "Review the code changes introduced by commit HEAD (\"A \"title\"\").");
        expected.put(Map.of("prompt", "--help"), "--help");
        expected.put(
                Map.of("prompt", "Mind the locks.", "uncommitted", true),
                "Review the uncommitted changes in this repository (staged, unstaged and untracked).\nMind the locks.");
        expected.put(
                Map.of("prompt", "Mind the locks.", "base", "main", "title", "Faster"),
                "Review the changes of the current branch against the base branch main.\n"
                        + "Title of the change: Faster\nMind the locks.");
        expected.put(
                Map.of("prompt", "Mind the locks.", "commit", "HEAD"),
                "Review the changes that the commit HEAD introduces.\nMind the locks.");
        List<McpClient.PendingCall> calls = expected.keySet().stream()
                .map(arguments -> client.callAsync("review", inRepository(arguments)))
                .toList();

        Iterator<McpClient.PendingCall> call = calls.iterator();
        expected.forEach((arguments, asked) -> {
            ToolOutput answer = client.answer(call.next());
            assertThat(answer.isError()).as(arguments + ": " + answer.text()).isFalse();
            assertThat(answer.text()).startsWith(asked);
        });
    }

    @Test
    void aReviewerIsReadOnlyAndRunsTheRequestedModel() {
        McpClient client =
                bench.start(bench.server().environment(Map.of("CODEX_MCP_DEFAULT_SANDBOX", "danger-full-access")));

        ToolOutput answer = review(
                client,
                Map.of(
                        "prompt",
                        ModelScript.script()
                                .as("touch")
                                .shell("touch new.txt || echo denied; git diff --stat main")
                                .say("{{touch}}")
                                .prompt(),
                        "model",
                        "gpt-6-sol"));

        assertThat(answer.text()).contains("denied", "a.txt").doesNotContain("fatal");
        assertThat(repository.resolve("new.txt")).doesNotExist();
        assertThat(bench.model().requests()).allMatch(request -> request.model().equals("gpt-6-sol"));
    }

    @Test
    void findingsComeAsText() {
        McpClient client = bench.start();
        String findings = """
                {"findings":[{"title":"[P1] Close it","body":"It leaks.","confidence_score":0.9,"priority":1,\
                "code_location":{"absolute_file_path":"/a.txt","line_range":{"start":1,"end":2}}}],\
                "overall_correctness":"patch is incorrect","overall_explanation":"One leak.","overall_confidence_score":0.8}""";

        ToolOutput answer = review(
                client, Map.of("prompt", ModelScript.script().say(findings).prompt()));

        assertThat(answer.text())
                .isEqualTo("One leak.\n\nReview comment:\n\n- [P1] Close it — /a.txt:1-2\n  It leaks.");
    }

    @Test
    void aFailedReviewIsAnErrorWithItsCause() {
        McpClient client = bench.start();

        ToolOutput failed = review(
                client, Map.of("prompt", ModelScript.script().fail("no more").prompt()));
        ToolOutput twoTargets = review(client, Map.of("base", "main", "uncommitted", true));

        assertThat(List.of(failed, twoTargets)).allMatch(ToolOutput::isError);
        assertThat(failed.text()).startsWith("Error in tool \"review\": ").contains("no more");
        assertThat(twoTargets.text()).startsWith("Error in tool \"review\": ").contains("uncommitted", "base");
    }
}
