package dev.codexmcp.codex.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.codex.event.ScannedLines.Line;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LineScannerTest {
    @ParameterizedTest
    @CsvSource({
        "item.started,   agent_message,     AGENT_MESSAGE",
        "item.updated,   agent_message,     AGENT_MESSAGE",
        "item.completed, agent_message,     AGENT_MESSAGE",
        "item.started,   reasoning,         REASONING",
        "item.completed, reasoning,         REASONING",
        "item.started,   command_execution, COMMAND_CALL",
        "item.updated,   command_execution, COMMAND_CALL",
        "item.completed, command_execution, COMMAND_RESULT",
        "item.started,   file_change,       FILE_CHANGE_CALL",
        "item.updated,   file_change,       FILE_CHANGE_CALL",
        "item.completed, file_change,       FILE_CHANGE_RESULT",
        "item.started,   mcp_tool_call,     MCP_CALL",
        "item.updated,   mcp_tool_call,     MCP_CALL",
        "item.completed, mcp_tool_call,     MCP_RESULT",
        "item.started,   web_search,        WEB_SEARCH_CALL",
        "item.updated,   web_search,        WEB_SEARCH_CALL",
        "item.completed, web_search,        WEB_SEARCH_RESULT",
        "item.started,   collab_tool_call,  COLLAB_CALL",
        "item.updated,   collab_tool_call,  COLLAB_CALL",
        "item.completed, collab_tool_call,  COLLAB_RESULT",
        "item.started,   todo_list,         TODO_LIST",
        "item.completed, todo_list,         TODO_LIST",
        "item.completed, error,             ITEM_ERROR",
        "item.completed, image_generation,  OTHER_ITEM",
        "item.completed, '',                OTHER_ITEM",
        "item.exploded,  command_execution, COMMAND_CALL",
        "item.exploded,  something_new,     OTHER_ITEM",
        "turn.completed, agent_message,     TURN_COMPLETED",
        "turn.paused,    agent_message,     UNKNOWN",
        "itemized,       agent_message,     UNKNOWN",
    })
    void determinesTheKindFromTheTypeOfLineAndItem(String type, String itemType, CodexEventKind expected) {
        assertThat(ScannedLines.kindOf("{\"type\":\"" + type + "\",\"item\":{\"id\":\"item_0\",\"type\":\"" + itemType
                        + "\",\"text\":\"x\"}}"))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "type last                | {`item`:{`text`:`x`,`type`:`agent_message`},`type`:`item.completed`} | AGENT_MESSAGE",
                "the item's type after an object | {`type`:`item.completed`,`item`:{`arguments`:{},`type`:`mcp_tool_call`}} | MCP_RESULT",
                "the item's type after a list | {`type`:`item.started`,`item`:{`changes`:[{`kind`:`add`}],`type`:`file_change`}} | FILE_CHANGE_CALL",
                "white space everywhere   | \t { `type` :\t`item.completed` , `item` : { `type` : `reasoning` } } | REASONING",
                "the last of two types    | {`type`:`turn.started`,`type`:`turn.completed`} | TURN_COMPLETED",
                "a type, then none        | {`type`:`turn.started`,`type`:null} | UNKNOWN",
                "a type, then an object   | {`type`:`turn.started`,`type`:{`type`:`turn.completed`}} | UNKNOWN",
                "a type, then a list      | {`type`:`turn.started`,`type`:[`turn.completed`]} | UNKNOWN",
                "the last of two items    | {`type`:`item.completed`,`item`:{`type`:`error`},`item`:{`type`:`reasoning`}} | REASONING",
                "the last item is untyped | {`type`:`item.completed`,`item`:{`type`:`error`},`item`:{}} | OTHER_ITEM",
                "the last item is not an object | {`type`:`item.completed`,`item`:{`type`:`error`},`item`:5} | UNKNOWN",
                "the last item is a string | {`type`:`item.completed`,`item`:{`type`:`error`},`item`:`x`} | UNKNOWN",
                "the last of an item's types | {`type`:`item.completed`,`item`:{`type`:`error`,`type`:`reasoning`}} | REASONING",
                "an item's type is not a string | {`type`:`item.completed`,`item`:{`type`:true}} | OTHER_ITEM",
                "no item                  | {`type`:`item.completed`} | UNKNOWN",
                "the item is a string     | {`type`:`item.completed`,`item`:`agent_message`} | UNKNOWN",
                "the item is a list       | {`type`:`item.completed`,`item`:[{`type`:`agent_message`}]} | UNKNOWN",
                "a nested type            | {`type`:`item.completed`,`item`:{`action`:{`type`:`reasoning`}}} | OTHER_ITEM",
                "a type outside an item   | {`type`:`turn.started`,`info`:{`type`:`turn.failed`}} | TURN_STARTED",
                "a type in a list's object | [{`type`:`turn.started`}] | UNKNOWN",
                "a type as a value        | {`kind`:`type`,`x`:`turn.started`} | UNKNOWN",
                "the name is in capitals  | {`Type`:`turn.started`} | UNKNOWN",
                "a longer name            | {`types`:`turn.started`,`typ`:`turn.started`} | UNKNOWN",
                "a longer value           | {`type`:`turn.started!`} | UNKNOWN",
                "a very long name         | {`tttttttttttttttttttttttttttttttttttttttttttttttttttype`:`turn.started`} | UNKNOWN",
                "a literal                | true | UNKNOWN",
                "a number                 | -0.5E-7 | UNKNOWN",
                "a string                 | `turn.started` | UNKNOWN",
                "not an object            | [] | UNKNOWN",
            })
    void theKindDoesNotDependOnFormatting(String what, String line, CodexEventKind expected) {
        assertThat(ScannedLines.kindOf(line.replace('`', '"'))).as(what).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hello",
                "{",
                "}",
                "[1,2",
                "[1,]",
                "[,1]",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1,}",
                "{,}",
                "{\"a\" 1}",
                "{a:1}",
                "{'a':1}",
                "{\"a\":1]",
                "[1}",
                "[1 2]",
                "{} {}",
                "{}x",
                "1 2",
                "\"a",
                "\"a\\",
                "\"\\x\"",
                "\"\\u12g4\"",
                "\"\\u12\"",
                "\"\\u\uff11\uff12\uff13\uff14\"",
                "\"a\tb\"",
                "\"\u0000\"",
                "01",
                "-",
                "-a",
                "1.",
                ".5",
                "+1",
                "1e",
                "1e+",
                "1.e5",
                "0x1",
                "1_000",
                "NaN",
                "-Infinity",
                "tru",
                "truE",
                "nul",
                "nulll",
                "True",
                "\u00a0{}",
                "{}\u0000",
                "\u000b1",
                "//x",
                "[1] // x",
                "\u001b[31mred\u001b[0m",
                "\uFEFF",
                "\uFEFF\uFEFF{}",
                " \uFEFF{}",
                "{}\uFEFF",
                "{\uFEFF}"
            })
    void anythingButOneJsonValueIsMalformed(String line) {
        assertThat(ScannedLines.kindOf(line)).isEqualTo(CodexEventKind.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\n\n\n", "\r\n", " \t\r\n  \n", "  ", ""})
    void doesNotReportBlankLines(String stream) {
        assertThat(ScannedLines.of(stream).lines()).isEmpty();
    }

    @Test
    void reportsTheStartOfEveryLine() {
        assertThat(ScannedLines.of("\n{\"type\":\"turn.started\"}\r\n \r\n  é\n\n\uFEFF{\"type\":\"error\"}\n5")
                        .lines())
                .containsExactly(
                        new Line(1, CodexEventKind.TURN_STARTED),
                        new Line(29, CodexEventKind.MALFORMED),
                        new Line(35, CodexEventKind.ERROR),
                        new Line(55, CodexEventKind.UNKNOWN));
    }

    @Test
    void reportsALineAtItsLineFeed() {
        var told = new java.util.ArrayList<Line>();
        LineScanner scanner = new LineScanner((start, kind) -> told.add(new Line(start, kind)));
        byte[] bytes = "{\"type\":\"turn.started\"}\n7".getBytes(UTF_8);

        scanner.scan(bytes, 0, 23);
        assertThat(told).isEmpty();
        assertThat(scanner.lineStart()).isZero();
        scanner.scan(bytes, 23, 2);
        assertThat(told).containsExactly(new Line(0, CodexEventKind.TURN_STARTED));
        assertThat(scanner.lineStart()).isEqualTo(24);
        scanner.finish();
        assertThat(told)
                .containsExactly(new Line(0, CodexEventKind.TURN_STARTED), new Line(24, CodexEventKind.UNKNOWN));
        assertThat(scanner.lineStart()).isEqualTo(25);
        scanner.finish();
        assertThat(told).hasSize(2);
    }

    @Test
    void aLineWithInvalidUtf8IsStillJson() {
        byte[] line = "{\"type\":\"item.completed\",\"item\":{\"type\":\"reasoning\",\"text\":\"??\"}}".getBytes(UTF_8);
        for (int i = 0; i < line.length; i++) {
            line[i] = line[i] == '?' ? (byte) 0xC3 : line[i];
        }

        assertThat(ScannedLines.of(line).kinds()).containsExactly(CodexEventKind.REASONING);
    }

    @Test
    void readsALineOfAnyDepthLengthOrPrecisionAndTheNextOne() {
        String next = "\n{\"type\":\"turn.started\"}\n";
        String deep = "[".repeat(10_000) + "{\"a\":".repeat(10_000) + "1" + "}".repeat(10_000) + "]".repeat(10_000);
        String number = "-" + "9".repeat(10_000) + "." + "1".repeat(10_000) + "e" + "7".repeat(10_000);

        assertThat(ScannedLines.of(deep + next).kinds())
                .containsExactly(CodexEventKind.UNKNOWN, CodexEventKind.TURN_STARTED);
        assertThat(ScannedLines.of(deep + "]" + next).kinds())
                .containsExactly(CodexEventKind.MALFORMED, CodexEventKind.TURN_STARTED);
        assertThat(ScannedLines.of("[".repeat(10_000) + next).kinds())
                .containsExactly(CodexEventKind.MALFORMED, CodexEventKind.TURN_STARTED);
        assertThat(ScannedLines.of(number + next).kinds())
                .containsExactly(CodexEventKind.UNKNOWN, CodexEventKind.TURN_STARTED);
        assertThat(ScannedLines.of("\"" + "x".repeat(3_000_000) + "\"" + next).kinds())
                .containsExactly(CodexEventKind.UNKNOWN, CodexEventKind.TURN_STARTED);
    }
}
