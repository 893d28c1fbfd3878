package dev.codexmcp.tool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.codexmcp.codex.CodexCli;
import dev.codexmcp.codex.Sandbox;
import dev.codexmcp.job.JobEngine;
import dev.codexmcp.job.JobException;
import dev.codexmcp.json.Json;
import dev.codexmcp.tool.schema.Arguments;
import dev.codexmcp.tool.schema.BadArgumentException;
import dev.codexmcp.tool.schema.ToolResult;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The results of calls that start no worker: mostly errors. */
class ToolCallsWithoutWorkerTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String MISSING_CLI =
            "Codex CLI not found: CODEX_MCP_CODEX_BIN is \"/nowhere/codex\", which does not exist."
                    + " Install it with \"npm install -g @openai/codex\", put its folder on the server's PATH, or set"
                    + " CODEX_MCP_CODEX_BIN in the server's environment.";

    private final JobEngine jobs = JobEngine.of(new CodexCli(Optional.of("/nowhere/codex"), ""), 3);
    private final ToolCatalog tools = new ToolCatalog(
            jobs.registry(), jobs.scheduler(), jobs.changes(), jobs.timer(), Sandbox.WORKSPACE_WRITE, Runnable::run);

    @ParameterizedTest
    @CsvSource({"codex_status", "codex_events", "codex_result", "codex_cancel"})
    void anUnknownJobNamesTheIdAndSaysThatARestartLosesJobs(String tool) {
        assertThat(jobError(() -> call(tool, "{\"jobId\":\"gone\"}"))).contains("\"gone\"", "restart");
    }

    @Test
    void anUnknownJobCannotBeInterrupted() {
        assertThat(jobError(() -> call("codex_interrupt", "{\"jobId\":\"gone\",\"newPrompt\":\"p\"}")))
                .contains("\"gone\"");
    }

    @Test
    void aWaitForUnknownJobsReturnsAtOnceAndNamesThem() throws Exception {
        assertThat(json(call("codex_wait_any", "{\"jobIds\":[\"a\",\"b\"],\"timeoutMs\":300000}")))
                .isEqualTo(
                        JSON.readTree("{\"completedJobId\":null,\"timedOut\":false,\"missingJobIds\":[\"a\",\"b\"]}"));
    }

    @ParameterizedTest
    @CsvSource({"codex_spawn", "codex"})
    void aMissingCliIsReportedWithHowToInstallItAndReturnsItsPermit(String tool) {
        for (int i = 0; i < 5; i++) {
            assertThat(jobError(() -> call(tool, "{\"prompt\":\"p\"}").get())).isEqualTo(MISSING_CLI);
        }
    }

    @Test
    void everyEntryOfAGroupHasItsOwnErrorInTheOrderGiven() throws Exception {
        ToolResult answer = call(
                        "codex_spawn_group",
                        "{\"jobs\":[{\"label\":\"one\"},5,{\"prompt\":\"\",\"label\":\"three\"},{\"prompt\":\"p\",\"sandbox\":\"none\"},"
                                + "{\"prompt\":\"p\",\"label\":7},{\"prompt\":\"p\",\"label\":\"six\"},null]}")
                .get();

        assertThat(json(answer))
                .isEqualTo(JSON.readTree("{\"results\":["
                        + "{\"error\":\"\\\"jobs[0].prompt\\\" is missing: it must be a string without NUL characters.\",\"label\":\"one\"},"
                        + "{\"error\":\"\\\"jobs[1]\\\" takes an object with the arguments of codex_spawn.\"},"
                        + "{\"error\":\"\\\"jobs[2].prompt\\\" is empty: it takes the task for the worker.\",\"label\":\"three\"},"
                        + "{\"error\":\"\\\"jobs[3].sandbox\\\" is \\\"none\\\": it must be one of read-only, workspace-write, danger-full-access.\"},"
                        + "{\"error\":\"\\\"jobs[4].label\\\" is 7: it must be a string.\"},"
                        + "{\"error\":" + JSON.writeValueAsString(MISSING_CLI) + ",\"label\":\"six\"},"
                        + "{\"error\":\"\\\"jobs[6]\\\" takes an object with the arguments of codex_spawn.\"}]}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "codex_spawn | {} | \"prompt\" is missing: it must be a string without NUL characters.",
                "codex_spawn | {\"prompt\":\"\"} | \"prompt\" is empty: it takes the task for the worker.",
                "codex_spawn | {\"prompt\":\"p\",\"model\":5} | \"model\" is 5: it must be a string without NUL characters.",
                "codex_spawn | {\"prompt\":\"p\",\"fullAuto\":\"yes\"} | \"fullAuto\" is \"yes\": it must be true or false.",
                "codex_spawn_group | {\"jobs\":[]} | \"jobs\" is an empty list: it must be a list of at least 1, each an object.",
                "codex_spawn_group | {\"jobs\":[{}],\"defaults\":{\"sandbox\":\"x\"}} | \"defaults.sandbox\" is \"x\": it must be one of read-only, workspace-write, danger-full-access.",
                "codex_status | {\"jobId\":7} | \"jobId\" is 7: it must be a string.",
                "codex_events | {} | \"jobId\" is missing: it must be a string.",
                "codex_wait_any | {\"jobIds\":[]} | \"jobIds\" is an empty list: it must be a list of at least 1, each a string.",
                "codex_wait_any | {\"jobIds\":[\"a\"],\"timeoutMs\":300001} | \"timeoutMs\" is 300001: it must be a whole number from 0 to 300000.",
                "codex_cancel | {} | \"jobId\" is missing: it must be a string.",
                "codex_cancel | {\"jobId\":\"a\",\"label\":\"b\"} | \"jobId\", \"jobIds\" and \"label\" exclude each other: give one of them.",
                "codex_list | {\"limit\":501} | \"limit\" is 501: it must be a whole number from 1 to 500.",
                "codex_wait | {\"jobIds\":[\"a\"],\"count\":2} | \"count\" is 2: it must be 1 at most, the number of \"jobIds\".",
                "websearch | {\"query\":\"q\",\"numResults\":51} | \"numResults\" is 51: it must be a whole number from 1 to 50.",
                "ping | {\"message\":5} | \"message\" is 5: it must be a string.",
            })
    void aWrongArgumentIsNamed(String tool, String arguments, String message) {
        assertThatThrownBy(() -> call(tool, arguments))
                .isInstanceOf(BadArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void aMissingFolderIsNamed() {
        assertThatThrownBy(() -> call("codex_spawn", "{\"prompt\":\"p\",\"workingDirectory\":\"/no/such/folder\"}"))
                .isInstanceOf(BadArgumentException.class)
                .hasMessageStartingWith(
                        "\"workingDirectory\" is \"/no/such/folder\": it must be a folder that exists.");
    }

    @Test
    void aPromptLongerThanTheCliAcceptsIsRefusedCountingCharactersNotBytes() throws Exception {
        String most = "😀".repeat(1_048_576);
        WorkerParameters.checkPrompt("prompt", most);

        assertThatThrownBy(() -> WorkerParameters.checkPrompt("prompt", most + "x"))
                .isInstanceOf(BadArgumentException.class)
                .hasMessageStartingWith("\"prompt\" has 1048577 characters, but the Codex CLI takes 1048576 at most.");
    }

    @Test
    void aReviewHasOneTarget() {
        assertThatThrownBy(() -> call("review", "{\"base\":\"main\",\"commit\":\"abc\"}"))
                .isInstanceOf(BadArgumentException.class)
                .hasMessage("\"uncommitted\", \"base\" and \"commit\" exclude each other: give only one.");
    }

    @ParameterizedTest
    @CsvSource({"{}, pong", "'{\"message\":\"hé\"}', hé", "'{\"message\":\"\"}', ''", "'{\"message\":null}', pong"})
    void pingReturnsTheMessage(String arguments, String expected) throws Exception {
        assertThat(call("ping", arguments).get()).isEqualTo(new ToolResult.Text(expected));
    }

    @Test
    void anEmptyListOfSessionsIsReported() throws Exception {
        ToolResult answer = call("listSessions", "{}").get();

        assertThat(answer).isInstanceOf(ToolResult.TextAndJson.class);
        assertThat(((ToolResult.TextAndJson) answer).text()).isEqualTo("No active sessions");
    }

    @Test
    void anUnknownToolIsNotFound() {
        assertThat(tools.find("codex_explode")).isEmpty();
        assertThat(tools.find("")).isEmpty();
    }

    /** The client's text for the job error that this throws. */
    private static String jobError(ThrowingCallable call) {
        Throwable thrown = catchThrowable(call);
        if (thrown instanceof JobException refused) {
            return JobErrorText.of(refused.error());
        }
        if (thrown != null && thrown.getCause() instanceof JobException refused) {
            return JobErrorText.of(refused.error());
        }
        throw new AssertionError("not a job error", thrown);
    }

    private CompletableFuture<ToolResult> call(String tool, String arguments) throws Exception {
        return tools.find(tool).orElseThrow().call(new Arguments(JSON.readTree(arguments), ""), Caller.UNKNOWN);
    }

    private static @Nullable JsonNode json(Object answer) throws Exception {
        Object done = answer instanceof CompletableFuture<?> future ? future.get() : answer;
        return done instanceof ToolResult.Json json
                ? JSON.readTree(new String(Json.bytes(json.object()), UTF_8))
                : null;
    }
}
