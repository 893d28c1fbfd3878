package dev.codexmcp.codex.event;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Provide;
import net.jqwik.api.domains.DomainContextBase;

/** Generates worker output: lines of JSON that resemble the CLI's, with and without faults. */
final class JsonLines extends DomainContextBase {
    private static final Arbitrary<String> SPACE = Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(12, Arbitraries.just("")),
            net.jqwik.api.Tuple.of(1, Arbitraries.of(" ", "\t", "  ", " \t ", "\r")));

    private static final Arbitrary<String> NAME = Arbitraries.of(
            "type",
            "type",
            "type",
            "item",
            "item",
            "id",
            "text",
            "status",
            "",
            "types",
            "\\u0074ype",
            "ite\\u006D",
            "a\\\"b",
            "é",
            "thread_id",
            "x".repeat(40));

    private static final Arbitrary<String> WORD = Arbitraries.of(
            "thread.started",
            "turn.started",
            "turn.completed",
            "turn.failed",
            "error",
            "item.started",
            "item.updated",
            "item.completed",
            "item.completed",
            "agent_message",
            "reasoning",
            "command_execution",
            "file_change",
            "mcp_tool_call",
            "web_search",
            "collab_tool_call",
            "todo_list",
            "something_new",
            "item.",
            "turn\\u002estarted");

    private static final Arbitrary<String> TEXT = Arbitraries.of(
            "",
            "plain",
            "\\n\\t\\r\\b\\f\\/\\\\\\\"",
            "\\u00e9",
            "\\uD83D\\uDE00",
            "\\ud800",
            "\\udc00\\ud800",
            "é€😀",
            "{\\\"type\\\":1}",
            "]}",
            "\u007f",
            "\u2028",
            "\uFEFF",
            "y".repeat(70));

    private static final Arbitrary<String> NUMBER = Arbitraries.of(
            "0",
            "-0",
            "7",
            "-12",
            "1.5",
            "-0.25",
            "1e5",
            "1E+5",
            "2.5e-7",
            "1e999999999",
            "9".repeat(300),
            "0." + "0".repeat(200) + "1",
            "123456789012345678901234567890");

    @Provide
    Arbitrary<String> json() {
        return value(4);
    }

    /** One or more lines, most of them invalid in some way. */
    @Provide
    Arbitrary<byte[]> stream() {
        Arbitrary<String> end = Arbitraries.of("\n", "\n", "\n", "\r\n", "\n\n", "\n \n", "");
        Arbitrary<String> start = Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(15, Arbitraries.just("")),
                net.jqwik.api.Tuple.of(1, Arbitraries.of("\uFEFF", " ", " \uFEFF", "\uFEFF ", "x")));
        Arbitrary<byte[]> line = Combinators.combine(start, value(4), end)
                .as((before, json, after) -> (before + json + after).getBytes(UTF_8));
        Arbitrary<byte[]> broken = Combinators.combine(line, faults()).as(JsonLines::withFaults);
        return Arbitraries.oneOf(line, broken, broken).list().ofMaxSize(4).map(JsonLines::joined);
    }

    private static Arbitrary<String> value(int depth) {
        Arbitrary<String> string = Arbitraries.oneOf(WORD, TEXT).map(text -> '"' + text + '"');
        Arbitrary<String> leaf = Arbitraries.oneOf(string, string, NUMBER, Arbitraries.of("true", "false", "null"));
        if (depth == 0) {
            return leaf;
        }
        Arbitrary<String> deep = Arbitraries.of(2, 40, 70, 400)
                .map(levels -> "[{\"type\":".repeat(levels) + "\"error\"" + "}]".repeat(levels));
        return Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(4, leaf),
                net.jqwik.api.Tuple.of(8, object(depth)),
                net.jqwik.api.Tuple.of(2, list(depth)),
                net.jqwik.api.Tuple.of(depth == 4 ? 1 : 0, deep));
    }

    private static Arbitrary<String> object(int depth) {
        Arbitrary<String> member = Combinators.combine(
                        SPACE, NAME, SPACE, SPACE, Arbitraries.lazy(() -> value(depth - 1)), SPACE)
                .as((a, name, b, c, value, d) -> a + '"' + name + '"' + b + ':' + c + value + d);
        return member.list().ofMaxSize(5).map(members -> '{' + String.join(",", members) + '}');
    }

    private static Arbitrary<String> list(int depth) {
        return Combinators.combine(SPACE, Arbitraries.lazy(() -> value(depth - 1)), SPACE)
                .as((a, value, b) -> a + value + b)
                .list()
                .ofMaxSize(4)
                .map(values -> '[' + String.join(",", values) + ']');
    }

    /**
     * A corruption of a line.
     *
     * @param place its position, in thousandths of the line's length
     * @param removed how many bytes are removed there
     * @param inserted the bytes inserted there
     */
    private record Fault(int place, int removed, byte[] inserted) {}

    private static Arbitrary<List<Fault>> faults() {
        Arbitrary<byte[]> ascii = Arbitraries.strings()
                .withChars("{}[]:,\"\\\n\r\t 0123456789.eE+-tfnu\u0000\u0001\u001f\u000b")
                .ofMaxLength(2)
                .map(text -> text.getBytes(ISO_8859_1));
        Arbitrary<byte[]> high = Arbitraries.of(
                new byte[] {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF},
                new byte[] {(byte) 0xEF},
                new byte[] {(byte) 0x80},
                new byte[] {(byte) 0xC3},
                new byte[] {(byte) 0xE2, (byte) 0x82},
                new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
                new byte[] {(byte) 0xFF, (byte) 0xFE});
        Arbitrary<Integer> removed = Arbitraries.of(0, 0, 1, 1, 2, 1000);
        return Combinators.combine(
                        Arbitraries.integers().between(0, 1000), removed, Arbitraries.oneOf(ascii, ascii, high))
                .as(Fault::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(3);
    }

    private static byte[] withFaults(byte[] line, List<Fault> faults) {
        byte[] bytes = line;
        for (Fault fault : faults) {
            int place = bytes.length * fault.place() / 1000;
            int rest = Math.min(bytes.length, place + fault.removed());
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.write(bytes, 0, place);
            out.writeBytes(fault.inserted());
            out.write(bytes, rest, bytes.length - rest);
            bytes = out.toByteArray();
        }
        return bytes;
    }

    private static byte[] joined(List<byte[]> lines) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        lines.forEach(out::writeBytes);
        return out.toByteArray();
    }
}
