package dev.codexmcp.e2e;

import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codexmcp.testkit.JobTools;
import dev.codexmcp.testkit.ModelScript;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The output of the real CLI as the events that a client gets: the contract's table, kind by kind. */
class EventsIT {

    private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z";

    @RegisterExtension
    private final EndToEndFixture bench = new EndToEndFixture();

    @Test
    void reasoningMessagesCommandsPatchesPlansAndSearchesAreEvents() {
        JobTools jobs = new JobTools(bench.start());
        String prompt = ModelScript.script()
                .think("a look around")
                .say("Let me see.")
                .shell("echo one; exit 3")
                .addFile("a.txt", "hello")
                .plan("[x] first", "second")
                .search("java mcp sdk")
                .say("Done.")
                .prompt();

        String jobId = jobs.spawn(prompt, bench.workspace(), "workspace-write");

        assertThatJson(withoutTimes(jobs.eventsToTheEnd(jobId))).isEqualTo("""
                [
                  {type: 'progress', content: {jobId: '#JOB', kind: 'spawned', command: '#CODEX', args: '${json-unit.ignore}',
                      effectiveSandbox: 'workspace-write'}},
                  {type: 'progress', content: {threadId: '${json-unit.regex}[0-9a-f-]{36}'}},
                  {type: 'progress', content: {kind: 'turn.started'}},
                  {type: 'progress', content: {kind: 'item.completed', itemType: 'reasoning', itemId: 'item_0',
                      text: 'a look around'}},
                  {type: 'message', content: {kind: 'item.completed', itemType: 'agent_message', itemId: 'item_1',
                      text: 'Let me see.'}},
                  {type: 'tool_call', content: {kind: 'item.started', itemType: 'command_execution', itemId: 'item_2',
                      command: "/bin/bash -lc 'echo one; exit 3'", status: 'in_progress', exitCode: null,
                      aggregatedOutput: ''}},
                  {type: 'tool_result', content: {kind: 'item.completed', itemType: 'command_execution', itemId: 'item_2',
                      command: "/bin/bash -lc 'echo one; exit 3'", status: 'failed', exitCode: 3,
                      aggregatedOutput: 'one\\n'}},
                  {type: 'tool_call', content: {kind: 'item.started', itemType: 'file_change', itemId: 'item_3',
                      changes: [{path: '#WORKSPACE/a.txt', kind: 'add'}], status: 'in_progress'}},
                  {type: 'tool_result', content: {kind: 'item.completed', itemType: 'file_change', itemId: 'item_3',
                      changes: [{path: '#WORKSPACE/a.txt', kind: 'add'}], status: 'completed'}},
                  {type: 'progress', content: {kind: 'item.started', itemType: 'todo_list', itemId: 'item_4',
                      items: [{text: 'first', completed: true}, {text: 'second', completed: false}]}},
                  {type: 'tool_call', content: {kind: 'item.started', itemType: 'web_search', itemId: '${json-unit.any-string}',
                      query: 'java mcp sdk', action: '${json-unit.ignore}'}},
                  {type: 'tool_result', content: {kind: 'item.completed', itemType: 'web_search',
                      itemId: '${json-unit.any-string}', query: 'java mcp sdk',
                      action: {type: 'search', query: 'java mcp sdk', queries: ['java mcp sdk']}}},
                  {type: 'message', content: {kind: 'item.completed', itemType: 'agent_message', itemId: 'item_6',
                      text: 'Done.'}},
                  {type: 'progress', content: {kind: 'item.completed', itemType: 'todo_list', itemId: 'item_4',
                      items: [{text: 'first', completed: true}, {text: 'second', completed: false}]}},
                  {type: 'progress', content: {kind: 'turn.completed', usage: {input_tokens: 400, cached_input_tokens: 40,
                      cache_write_input_tokens: 0, output_tokens: 80, reasoning_output_tokens: 20}}},
                  {type: 'final', content: {jobId: '#JOB', status: 'done', exitCode: 0, exitSignal: null, lastMessage: 'Done.',
                      threadId: '${json-unit.regex}[0-9a-f-]{36}', usage: {input: 400, cached: 40, output: 80, reasoning: 20},
                      modifiedFiles: ['#WORKSPACE/a.txt'], modifiedFileCount: 1}}
                ]""".replace("#JOB", jobId)
                .replace("#CODEX", CliVariant.NPM.started().toString())
                .replace("#WORKSPACE", bench.workspace().toString()));
    }

    @Test
    void callsOfOtherMcpServersAreEvents() {
        bench.newHome()
                .mcpServer("inner", EndToEndFixture.command(), bench.environment(CliVariant.NPM))
                .create();
        JobTools jobs = new JobTools(bench.start());
        String prompt = ModelScript.script()
                .mcp("inner", "ping", Map.of("message", "hey"))
                .mcp("inner", "codex_status", Map.of("jobId", "nope"))
                .say("pinged")
                .prompt();

        String jobId = jobs.spawn(prompt, bench.workspace(), "read-only");

        assertThatJson(ofTypes(jobs.eventsToTheEnd(jobId), "tool_call", "tool_result"))
                .isEqualTo("""
                [
                  {type: 'tool_call', content: {kind: 'item.started', itemType: 'mcp_tool_call', itemId: 'item_0',
                      server: 'inner', tool: 'ping', status: 'in_progress', arguments: {message: 'hey'}, result: null,
                      error: null}},
                  {type: 'tool_result', content: {kind: 'item.completed', itemType: 'mcp_tool_call', itemId: 'item_0',
                      server: 'inner', tool: 'ping', status: 'completed', arguments: {message: 'hey'},
                      result: {content: [{type: 'text', text: 'hey'}], structured_content: null}, error: null}},
                  {type: 'tool_call', content: {kind: 'item.started', itemType: 'mcp_tool_call', itemId: 'item_1',
                      server: 'inner', tool: 'codex_status', status: 'in_progress', arguments: {jobId: 'nope'},
                      result: null, error: null}},
                  {type: 'tool_result', content: {kind: 'item.completed', itemType: 'mcp_tool_call', itemId: 'item_1',
                      server: 'inner', tool: 'codex_status', status: 'failed', arguments: {jobId: 'nope'},
                      result: {content: [{type: 'text',
                          text: '${json-unit.regex}Error in tool "codex_status": .*"nope".*restart.*'}],
                          structured_content: null}, error: null}}
                ]""");
    }

    @Test
    void callsOfOtherAgentsAndWarningsAreEvents() {
        JobTools jobs = new JobTools(bench.start());
        String prompt = ModelScript.script()
                .call("multi_agent_v1/spawn_agent", Map.of("message", "hi there"))
                .say("delegated")
                .prompt();

        // A model that the CLI does not know makes it warn and offer the tools for other agents.
        String jobId = jobs.spawn(Map.of("prompt", prompt, "model", "some-unknown", "sandbox", "read-only"));

        assertThatJson(ofTypes(jobs.eventsToTheEnd(jobId), "tool_call", "tool_result", "error"))
                .isEqualTo("""
                [
                  {type: 'error', content: {kind: 'item.completed', itemType: 'error', itemId: 'item_0',
                      message: '${json-unit.regex}Model metadata for `some-unknown` not found.*'}},
                  {type: 'tool_call', content: {kind: 'item.started', itemType: 'collab_tool_call', itemId: 'item_1',
                      tool: 'spawn_agent', senderThreadId: '${json-unit.regex}[0-9a-f-]{36}', receiverThreadIds: [],
                      prompt: 'hi there', agentsStates: {}, status: 'in_progress'}},
                  {type: 'tool_result', content: {kind: 'item.completed', itemType: 'collab_tool_call', itemId: 'item_1',
                      tool: 'spawn_agent', senderThreadId: '${json-unit.regex}[0-9a-f-]{36}',
                      receiverThreadIds: ['${json-unit.regex}[0-9a-f-]{36}'], prompt: 'hi there',
                      agentsStates: '${json-unit.ignore}', status: 'completed'}}
                ]""");
    }

    @Test
    void retriesAndTheFailureOfATurnAreErrors() {
        bench.newHome().retries(1).create();
        JobTools jobs = new JobTools(bench.start());

        String jobId = jobs.spawn(ModelScript.script().say("so far").hangUp().prompt(), bench.workspace(), "read-only");

        assertThatJson(ofTypes(jobs.eventsToTheEnd(jobId), "error", "final")).isEqualTo("""
                [
                  {type: 'error', content: {type: 'error', message: '${json-unit.regex}Reconnecting.* 1/1.*'}},
                  {type: 'error', content: {type: 'error', message: '${json-unit.any-string}'}},
                  {type: 'error', content: {kind: 'turn.failed', error: {message: '${json-unit.any-string}'}}},
                  {type: 'final', content: {jobId: '#JOB', status: 'failed', exitCode: 1, exitSignal: null,
                      lastMessage: 'so far', reason: 'network', message: '${json-unit.any-string}',
                      threadId: '${json-unit.regex}[0-9a-f-]{36}'}}
                ]""".replace("#JOB", jobId));
    }

    @Test
    void pagesOfAnySizeHoldEveryEventOnceInOrderWhileTheJobRuns() {
        JobTools jobs = new JobTools(bench.start());
        ModelScript script = ModelScript.script();
        for (int i = 0; i < 12; i++) {
            script.shell("echo " + i);
            if (i == 5) {
                script.gate("middle");
            }
        }
        String jobId = jobs.spawn(script.say("done").prompt(), bench.workspace(), "workspace-write");

        bench.model().gate("middle").awaitArrivals(1);
        List<JsonNode> firstHalf = jobs.events(Map.of("jobId", jobId, "maxEvents", 3));
        bench.model().gate("middle").open();
        List<JsonNode> all = jobs.eventsToTheEnd(jobId);

        assertThat(all).startsWith(firstHalf.toArray(JsonNode[]::new)).hasSizeGreaterThan(firstHalf.size());
        for (int size : new int[] {1, 2, 7, 2000}) {
            assertThat(jobs.events(Map.of("jobId", jobId, "maxEvents", size))).isEqualTo(all);
        }
        assertThat(jobs.events(Map.of("jobId", jobId, "maxBytes", 1000))).isEqualTo(all);
        assertThat(jobs.events(Map.of("jobId", jobId, "maxEvents", 1, "types", List.of("tool_result"))))
                .isEqualTo(all.stream()
                        .filter(event -> event.path("type").asText().equals("tool_result"))
                        .toList());
    }

    /** Returns the events after checking that each has a time, in ascending order. */
    private static List<JsonNode> withoutTimes(List<JsonNode> events) {
        assertThat(events)
                .extracting(event -> event.path("timestamp").asText())
                .allMatch(time -> time.matches(TIME))
                .isSorted();
        List<JsonNode> untimed = new ArrayList<>();
        for (JsonNode event : events) {
            ObjectNode copy = event.deepCopy();
            copy.remove("timestamp");
            untimed.add(copy);
        }
        return untimed;
    }

    private static List<JsonNode> ofTypes(List<JsonNode> events, String... types) {
        return withoutTimes(events).stream()
                .filter(event -> List.of(types).contains(event.path("type").asText()))
                .toList();
    }
}
