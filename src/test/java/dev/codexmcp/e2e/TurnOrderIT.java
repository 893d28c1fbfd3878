package dev.codexmcp.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.testkit.FakeCodex;
import dev.codexmcp.testkit.McpClient;
import dev.codexmcp.testkit.Polling;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The turns of one session run one after the other, whatever is cancelled. The workers are shell scripts that detect
 * each other: each records its process id in {@code live}, and returns the names of those running at the same time.
 */
class TurnOrderIT {

    /** Records a process under a name, and reports which of those recorded before still run. */
    private static final String LOOK_AROUND = """
            for prompt; do :; done
            look_around() {
                mkdir -p "$here/live"
                others=
                for noted in "$here"/live/*; do
                    [ -e "$noted" ] || continue
                    case $(cat "/proc/$(cat "$noted")/stat" 2>/dev/null) in
                    '' | *') Z '*) ;;
                    *) others="$others ${noted##*/}" ;;
                    esac
                done
                echo $$ > "$here/$prompt.pid"
                mv "$here/$prompt.pid" "$here/live/$prompt"
            }
            """;

    /** The prompt {@code holds} waits at the gate; any other returns at once. */
    private static final String ONE_HOLDS = LOOK_AROUND + """
            begin
            case $prompt in
            aside*) ;;
            *) look_around ;;
            esac
            case $prompt in
            holds) pass_gate ;;
            esac
            message "beside:$others"
            complete
            """;

    /** The prompt {@code stays} ignores SIGTERM and has a child in its own session; any other returns at once. */
    private static final String ONE_STAYS = LOOK_AROUND + """
            trap '' TERM
            begin
            look_around
            case $prompt in
            stays)
                setsid sleep 300 < /dev/null > /dev/null 2>&1 &
                echo $! > "$here/live/its-child"
                : > "$here/holding"
                sleep 300
                ;;
            esac
            message "beside:$others"
            complete
            """;

    @RegisterExtension
    private final EndToEndFixture bench = new EndToEndFixture();

    private McpClient start(FakeCodex fake) {
        return bench.start(bench.server()
                .environment(Map.of(
                        "CODEX_MCP_CODEX_BIN", fake.program().toAbsolutePath().toString())));
    }

    private static McpClient.PendingCall send(McpClient client, String session, String prompt) {
        return client.callAsync("codex", Map.of("prompt", prompt, "sessionId", session));
    }

    /** Runs turns of other sessions: once they end, an earlier turn that does not wait has started too. */
    private static void runOthers(McpClient client) {
        for (String other : new String[] {"aside-1", "aside-2", "aside-3"}) {
            assertThat(client.answer(send(client, other, other)).isError()).isFalse();
        }
    }

    @Test
    void aTurnAfterACancelledWaitingOneWaitsForTheRunningOne() {
        try (FakeCodex fake = FakeCodex.program(bench.folder("codex"), "one-holds", ONE_HOLDS)) {
            McpClient client = start(fake);
            McpClient.PendingCall running = send(client, "talk", "holds");
            awaitFile(fake.program().resolveSibling("live").resolve("holds"));
            McpClient.PendingCall waiting = send(client, "talk", "waits");
            runOthers(client);

            client.cancel(waiting);
            McpClient.PendingCall next = send(client, "talk", "next");
            runOthers(client);
            boolean tooSoon = next.isAnswered();
            fake.gate().open();

            assertThat(client.answer(running).text()).isEqualTo("beside:");
            assertThat(client.answer(next).text()).isEqualTo("beside:");
            assertThat(tooSoon).isFalse();
            assertThat(waiting.isAnswered()).isFalse();
            assertThat(fake.program().resolveSibling("live").resolve("waits")).doesNotExist();
        }
    }

    @Test
    void aTurnWaitsUntilACancelledOneAndItsDescendantsHaveEnded() {
        try (FakeCodex fake = FakeCodex.program(bench.folder("codex"), "one-stays", ONE_STAYS)) {
            McpClient client = start(fake);
            McpClient.PendingCall running = send(client, "talk", "stays");
            awaitFile(fake.program().resolveSibling("holding"));
            McpClient.PendingCall waiting = send(client, "talk", "next");
            client.call("ping", Map.of());

            client.cancel(running);

            assertThat(client.answer(waiting).text()).isEqualTo("beside:");
            assertThat(running.isAnswered()).isFalse();
        }
    }

    private static void awaitFile(Path file) {
        Polling.until("the file " + file, () -> Files.exists(file));
    }
}
