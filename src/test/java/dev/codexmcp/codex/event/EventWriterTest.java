package dev.codexmcp.codex.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.codexmcp.json.JsonStringStream;
import dev.codexmcp.json.Utf8Buffer;
import java.io.ByteArrayOutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventWriterTest {
    private static final long TIME = 1767773350050L;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'type':'thread.started','thread_id':'t','new':1} | progress | {'threadId':'t'}",
                "{'type':'thread.started'} | progress | {}",
                "{'type':'turn.started','new':1} | progress | {'kind':'turn.started'}",
                "{'usage':{'input_tokens':1},'type':'turn.completed'} | progress | {'kind':'turn.completed','usage':{'input_tokens':1}}",
                "{'type':'turn.completed'} | progress | {'kind':'turn.completed'}",
                "{'type':'turn.failed','error':{'message':'m','code':5}} | error | {'kind':'turn.failed','error':{'message':'m','code':5}}",
                "{'type':'error','message':'Reconnecting... 2/5','new':[1]} | error | {'type':'error','message':'Reconnecting... 2/5','new':[1]}",
                "{'type':'item.started','item':{'id':'i','type':'agent_message','text':'a'}} | message | {'kind':'item.started','itemType':'agent_message','itemId':'i','text':'a'}",
                "{'type':'item.updated','item':{'id':'i','type':'reasoning','text':'r','new':1}} | progress | {'kind':'item.updated','itemType':'reasoning','itemId':'i','text':'r'}",
                "{'type':'item.updated','item':{'id':'i','type':'command_execution','command':'c','aggregated_output':'o','exit_code':null,'status':'in_progress'}} | tool_call | {'kind':'item.updated','itemType':'command_execution','itemId':'i','command':'c','status':'in_progress','exitCode':null,'aggregatedOutput':'o'}",
                "{'type':'item.started','item':{'id':'i','type':'file_change','changes':[],'status':'in_progress'}} | tool_call | {'kind':'item.started','itemType':'file_change','itemId':'i','changes':[],'status':'in_progress'}",
                "{'type':'item.completed','item':{'id':'i','type':'mcp_tool_call','server':'s','tool':'t','arguments':{'a':[1]},'error':{'message':'e'},'status':'failed'}} | tool_result | {'kind':'item.completed','itemType':'mcp_tool_call','itemId':'i','server':'s','tool':'t','status':'failed','arguments':{'a':[1]},'error':{'message':'e'}}",
                "{'type':'item.started','item':{'id':'item_0','type':'web_search','id':'ws_1','query':'q','action':{'type':'other'}}} | tool_call | {'kind':'item.started','itemType':'web_search','itemId':'ws_1','query':'q','action':{'type':'other'}}",
                "{'type':'item.completed','item':{'id':'i','type':'collab_tool_call','tool':'wait','sender_thread_id':'a','receiver_thread_ids':['b'],'prompt':'p','agents_states':{'b':{'status':'completed'}},'status':'completed'}} | tool_result | {'kind':'item.completed','itemType':'collab_tool_call','itemId':'i','tool':'wait','senderThreadId':'a','receiverThreadIds':['b'],'prompt':'p','agentsStates':{'b':{'status':'completed'}},'status':'completed'}",
                "{'type':'item.started','item':{'id':'i','type':'todo_list','items':[{'text':'t','completed':true}]}} | progress | {'kind':'item.started','itemType':'todo_list','itemId':'i','items':[{'text':'t','completed':true}]}",
                "{'type':'item.completed','item':{'id':'i','type':'error','message':'m'}} | error | {'kind':'item.completed','itemType':'error','itemId':'i','message':'m'}",
                "{'type':'item.completed','item':{'id':'i','type':'image','size':[1,{'x':2}]}} | progress | {'kind':'item.completed','itemType':'image','itemId':'i','item':{'id':'i','type':'image','size':[1,{'x':2}]}}",
                "{'type':'item.completed','item':{}} | progress | {'kind':'item.completed','item':{}}",
                "{'type':'item.completed'} | progress | {'type':'item.completed'}",
                "{'type':'thread.compacted','details':{'a':[1,2]}} | progress | {'type':'thread.compacted','details':{'a':[1,2]}}",
                "{'no':'type'} | progress | {'no':'type'}",
                "[1,'two'] | progress | [1,'two']",
                "null | progress | null",
                "{'item':{'text':'last','arguments':{},'type':'reasoning','id':'i','text':'last of all'},'type':'turn.started','type':'item.completed'} | progress | {'kind':'item.completed','itemType':'reasoning','itemId':'i','text':'last of all'}",
            })
    void writesTheEventOfTheContractForEveryLine(String line, String type, String content) {
        assertThatJson(event(line.replace('\'', '"')))
                .isEqualTo("{\"type\":\"" + type + "\",\"content\":" + content.replace('\'', '"')
                        + ",\"timestamp\":\"2026-01-07T08:09:10.050Z\"}");
    }

    @Test
    void copiesValuesByteForByte() {
        String number = "-" + "9".repeat(10_000) + ".10e+5";
        String deep = "[".repeat(10_000) + "]".repeat(10_000);
        String usage = "{\"n\":" + number + ",\"d\":" + deep + ",\"s\":\"\\ud800\\u00e9\\/é😀\"}";

        assertThat(event("{\"type\":\"turn.completed\",\"usage\":" + usage + "}\r\n\r\n"))
                .isEqualTo("{\"type\":\"progress\",\"content\":{\"kind\":\"turn.completed\",\"usage\":" + usage
                        + "},\"timestamp\":\"2026-01-07T08:09:10.050Z\"}");
    }

    @Test
    void stripsWhiteSpaceAndByteOrderMarkFromAnUnknownLine() {
        assertThat(event("\uFEFF {\"a\" : 1} \t\r\n\r\n\n"))
                .isEqualTo(
                        "{\"type\":\"progress\",\"content\": {\"a\" : 1},\"timestamp\":\"2026-01-07T08:09:10.050Z\"}");
    }

    @Test
    void findsAKnownItemAfterAByteOrderMark() {
        assertThatJson(
                        event(
                                "\uFEFF{\"type\":\"item.completed\",\"item\":{\"id\":\"i\",\"type\":\"error\",\"message\":\"m\"}}"))
                .node("content")
                .isEqualTo("{\"kind\":\"item.completed\",\"itemType\":\"error\",\"itemId\":\"i\",\"message\":\"m\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hello",
                "{\"type\":\"turn.started\"",
                "\u001b[31mred\u001b[0m",
                "{\"a\":01}",
                "\"\uD83D\uDE00",
                "[1}"
            })
    void reportsALineThatIsNotJsonWithTheReason(String line) {
        assertThatJson(event("  " + line + " \r\n\n"))
                .isObject()
                .containsOnlyKeys("type", "content", "timestamp")
                .containsEntry("type", "error")
                .node("content")
                .isObject()
                .containsOnlyKeys("message", "line", "error")
                .containsEntry("message", "The worker printed a line that is not JSON; continuing with the next line")
                .containsEntry("line", line)
                .node("error")
                .isString()
                .hasSizeBetween(10, 301);
    }

    @Test
    void reportsTwoValuesOnALine() {
        assertThatJson(event("{} {}")).node("content.error").isEqualTo("More than one JSON value on the line");
    }

    @Test
    void showsAThousandCharactersAndTheLengthOfALongInvalidLine() {
        assertThatJson(event("x".repeat(999) + "😀" + "y".repeat(2000) + "\r\n\n\n"))
                .node("content.line")
                .isString()
                .isEqualTo("x".repeat(999) + "\uFFFD… (3003 bytes in all)");
        assertThatJson(event("z".repeat(1000) + "\n"))
                .node("content.line")
                .isString()
                .isEqualTo("z".repeat(1000));
    }

    @Test
    void reportsAShortErrorForAnInvalidTokenOfAnyLength() {
        assertThatJson(event("{\"a\":" + "wrong".repeat(100_000)))
                .node("content.error")
                .isString()
                .hasSizeLessThanOrEqualTo(301);
    }

    @Test
    void bytesThatAreNotUtf8AreReplacedOnTheWayOut() {
        byte[] line = "{\"type\":\"turn.failed\",\"error\":\"?\"}".getBytes(UTF_8);
        line[line.length - 3] = (byte) 0xFF;
        Utf8Buffer out = new Utf8Buffer(16);
        new EventWriter(new JsonStringStream(out)).line(CodexEventKind.TURN_FAILED, TIME, line, 0, line.length);

        assertThat(new String(out.toByteArray(), UTF_8)).contains("\\\"error\\\":\\\"\uFFFD\\\"");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1970-01-01T00:00:00.000Z",
        "1767773350999, 2026-01-07T08:09:10.999Z",
        "1767773351000, 2026-01-07T08:09:11.000Z",
        "-1, 1969-12-31T23:59:59.999Z",
    })
    void printsTimesWithMilliseconds(long time, String printed) {
        assertThatJson(events(List.of(time)))
                .isEqualTo("[{\"type\":\"progress\",\"content\":1,\"timestamp\":\"" + printed + "\"}]");
    }

    @Test
    void everyEventOnAPageHasItsOwnTime() {
        assertThatJson(events(List.of(TIME, TIME + 1, TIME + 950, TIME + 951, TIME)))
                .isEqualTo("""
                        [{"type":"progress","content":1,"timestamp":"2026-01-07T08:09:10.050Z"},
                         {"type":"progress","content":1,"timestamp":"2026-01-07T08:09:10.051Z"},
                         {"type":"progress","content":1,"timestamp":"2026-01-07T08:09:11.000Z"},
                         {"type":"progress","content":1,"timestamp":"2026-01-07T08:09:11.001Z"},
                         {"type":"progress","content":1,"timestamp":"2026-01-07T08:09:10.050Z"}]""");
    }

    @Test
    void writesTheContentOfTheServersOwnEvents() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new EventWriter(out).own(CodexEventKind.FINAL, TIME, json -> {
            json.writeStartObject();
            json.writeStringField("jobId", "😀");
            json.writeEndObject();
        });

        assertThat(out.toString(UTF_8))
                .isEqualTo(
                        "{\"type\":\"final\",\"content\":{\"jobId\":\"😀\"},\"timestamp\":\"2026-01-07T08:09:10.050Z\"}");
    }

    @ParameterizedTest
    @EnumSource(names = {"SPAWNED", "FINAL"})
    void rejectsALineForTheServersOwnEvents(CodexEventKind kind) {
        assertThatThrownBy(() -> new EventWriter(new ByteArrayOutputStream()).line(kind, TIME, new byte[0], 0, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static String event(String stream) {
        byte[] bytes = ("#" + stream).getBytes(UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new EventWriter(out).line(ScannedLines.kindOf(stream), TIME, bytes, 1, bytes.length - 1);
        return out.toString(UTF_8);
    }

    /** Events for the line {@code 1}, written by one writer with these times. */
    private static String events(List<Long> times) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        EventWriter writer = new EventWriter(out);
        for (long time : times) {
            out.write(out.size() == 0 ? '[' : ',');
            writer.line(CodexEventKind.UNKNOWN, time, new byte[] {'1'}, 0, 1);
        }
        out.write(']');
        return out.toString(UTF_8);
    }
}
