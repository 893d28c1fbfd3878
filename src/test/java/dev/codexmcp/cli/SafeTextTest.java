package dev.codexmcp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class SafeTextTest {
    @Test
    void showsWhatATerminalWouldObey() {
        assertThat(SafeText.line("a\u001b[2J\u0007\u009b31m\u202etxt\u200b\rb\tc\nd\u007f"))
                .isEqualTo("a\\x1b[2J\\x07\\x9b31m\\u202etxt\\u200b\\x0db c⏎d\\x7f");
        assertThat(SafeText.lines("a\r\n\tb\n")).isEqualTo("a\n    b\n");
    }

    @Property
    void noControlCharacterIsLeft(@ForAll String text) {
        assertThat(SafeText.line(text).codePoints())
                .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT);
        assertThat(SafeText.lines(text).codePoints())
                .noneMatch(c -> (Character.isISOControl(c) && c != '\n') || Character.getType(c) == Character.FORMAT);
    }

    @Property
    void aCutLineIsNoWiderThanAsked(@ForAll String text, @ForAll byte width) {
        int columns = Math.max(0, width);

        assertThat(SafeText.width(SafeText.cut(SafeText.line(text), columns))).isLessThanOrEqualTo(columns);
        assertThat(SafeText.width(SafeText.fit(SafeText.line(text), columns))).isEqualTo(columns);
    }

    @Test
    void wideCharactersCountTwice() {
        assertThat(SafeText.cut("日本語", 5)).isEqualTo("日本…");
        assertThat(SafeText.fit("日本", 6)).isEqualTo("日本  ");
    }
}
