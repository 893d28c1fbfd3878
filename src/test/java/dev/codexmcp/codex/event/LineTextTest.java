package dev.codexmcp.codex.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.json.ByteSlice;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class LineTextTest {
    private static ByteSlice line(String json) {
        return ByteSlice.of(json.getBytes(UTF_8));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{\"a\":{\"b\":\"deep\"}} | deep",
                "{\"a\":{\"b\":1}} |",
                "{\"a\":{\"c\":\"no\"}} |",
                "{\"a\":\"no object\"} |",
                "{\"a\":{\"b\":\"first\"},\"a\":{\"b\":\"second\",\"b\":\"last\"}} | last",
                "{} |",
                "~~ |",
            })
    void aTextIsFoundByItsPathOrIsNone(String json, @Nullable String expected) {
        assertThat(LineText.at(line(json), "a", "b").orElse(null)).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource
    void anEventWithoutALineSaysNothing(CodexEventKind kind) {
        if (kind != CodexEventKind.TODO_LIST && kind != CodexEventKind.FILE_CHANGE_RESULT) {
            assertThat(LineText.said(kind, ByteSlice.EMPTY)).isEmpty();
        }
        if (kind == CodexEventKind.SPAWNED || kind == CodexEventKind.OUT_OF_MEMORY || kind == CodexEventKind.FINAL) {
            assertThat(LineText.progress(kind, ByteSlice.EMPTY)).isEmpty();
        }
    }

    @Test
    void theReportOfAWorkerIsReadFromItsLine() {
        assertThat(LineText.message(line("{\"item\":{\"text\":\"hi\"}}"))).contains("hi");
        assertThat(LineText.threadId(line("{\"thread_id\":\"t\"}"))).contains("t");
        assertThat(LineText.error(line("{\"message\":\"oh\"}"))).contains("oh");
        assertThat(LineText.turnFailure(line("{\"error\":{\"message\":\"no\"}}")))
                .contains("no");
    }
}
