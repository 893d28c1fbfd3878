package dev.codexmcp.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.testkit.JobTools;
import dev.codexmcp.testkit.McpClient;
import dev.codexmcp.testkit.ModelRequest;
import dev.codexmcp.testkit.ToolOutput;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Any prompt reaches the model unchanged: the model returns it as the job's result. */
class PromptsIT {

    private static final List<String> PROMPTS = List.of(
            "review",
            "resume",
            "help",
            "--help",
            "-",
            "--",
            "-x",
            "- list\n- of things",
            "-c model=\"other\"",
            "two\nlines, \ttabs and a trailing backslash\\",
            "\"quotes\" 'of' `every` $(kind) ${HOME} %PATH% !! ; rm -rf *",
            "{\"json\": [1, 2, null]}",
            "Grüße, žluťoučký kůň, Ελληνικά, Привет, 你好，世界, שלום, مرحبا, हिन्दी, ไทย",
            "🚀 👩‍👩‍👧‍👦 🇩🇪 e\u0301 \u200D \uFFFD 𝔘𝔫𝔦𝔠𝔬𝔡𝔢",
            "x".repeat(99) + "é".repeat(150_000));

    @RegisterExtension
    private final EndToEndFixture bench = new EndToEndFixture();

    @ParameterizedTest
    @ValueSource(strings = {"C", "C.UTF-8"})
    void everyPromptArrivesInEveryLocale(String lang) {
        JobTools jobs = new JobTools(
                bench.start(bench.server().without("LC_ALL").without("LC_CTYPE").environment(Map.of("LANG", lang))));
        Map<String, String> jobOfPrompt = new LinkedHashMap<>();
        for (String prompt : PROMPTS) {
            jobOfPrompt.put(prompt, jobs.spawn(prompt, bench.workspace(), "read-only"));
        }

        jobOfPrompt.forEach((prompt, jobId) -> {
            assertThat(jobs.awaitEnd(jobId).path("status").asText()).as(prompt).isEqualTo("done");
            assertThat(jobs.result(jobId)).isEqualTo(prompt);
        });
        assertThat(bench.model().requests())
                .extracting(ModelRequest::prompt)
                .containsExactlyInAnyOrderElementsOf(PROMPTS);
    }

    @Test
    void everyPromptArrivesThroughTheCodexTool() {
        McpClient client = bench.start();

        for (String prompt : List.of("-", "--help", "🚀 " + "é".repeat(150_000))) {
            assertThat(client.call("codex", Map.of("prompt", prompt, "sandbox", "read-only"))
                            .text())
                    .isEqualTo(prompt);
        }
    }

    @Test
    void aPromptThatCannotBePassedOnIsRefused() {
        McpClient client = bench.start();

        Map<String, String> refusals = new LinkedHashMap<>();
        for (String prompt : List.of("", "a\0b", "x".repeat(1_100_000))) {
            ToolOutput answer = client.call("codex_spawn", Map.of("prompt", prompt));
            assertThat(answer.isError()).isTrue();
            refusals.put(prompt, answer.text());
        }

        assertThat(refusals.values()).allMatch(text -> text.startsWith("Error in tool \"codex_spawn\": \"prompt\" "));
        assertThat(refusals.get("a\0b")).contains("NUL");
        assertThat(refusals.get("x".repeat(1_100_000))).contains("1100000", "1048576");
        assertThat(bench.model().requests()).isEmpty();
    }
}
