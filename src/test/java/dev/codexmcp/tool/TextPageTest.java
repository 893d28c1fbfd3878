package dev.codexmcp.tool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class TextPageTest {
    private static final Pattern FIRST_LINE = Pattern.compile(
            "\\[Characters (\\d+) to (\\d+) of (\\d+); continue with codex_result, jobId \"j\", cursor \"(\\d+)\"]\n");

    @Test
    void aTextThatFitsComesAsItIs() {
        assertThat(TextPage.of("héllo", 0, 6, "j")).isEqualTo("héllo");
        assertThat(TextPage.of("", 0, 1, "j")).isEmpty();
        assertThat(TextPage.of("x".repeat(100_000), 0, Long.MAX_VALUE, "j")).hasSize(100_000);
    }

    @Test
    void theFirstLineOfAPartNamesTheNextOne() {
        String text = "a".repeat(150) + "b".repeat(150);

        assertThat(TextPage.of(text, 0, 200, "j"))
                .isEqualTo("[Characters 0 to 118 of 300; continue with codex_result, jobId \"j\", cursor \"118\"]\n"
                        + "a".repeat(118));
        assertThat(TextPage.of(text, 118, 200, "j")).isEqualTo("a".repeat(32) + "b".repeat(150));
        assertThat(TextPage.of(text, 300, 200, "j")).isEmpty();
        assertThat(TextPage.of(text, 999, 200, "j")).isEmpty();
    }

    @Property(tries = 300)
    void thePartsMakeUpTheText(
            @ForAll @StringLength(max = 400) String text, @ForAll @IntRange(min = 1, max = 300) int maxBytes) {
        StringBuilder whole = new StringBuilder();
        int from = 0;
        while (true) {
            String part = TextPage.of(text, from, maxBytes, "j");
            Matcher line = FIRST_LINE.matcher(part);
            if (!line.lookingAt()) {
                assertThat(part.getBytes(UTF_8).length).isLessThanOrEqualTo(maxBytes);
                whole.append(part);
                break;
            }
            String shown = part.substring(line.end());
            assertThat(Integer.parseInt(line.group(1))).isEqualTo(from);
            assertThat(line.group(2)).isEqualTo(line.group(4));
            assertThat(line.group(3)).isEqualTo(String.valueOf(text.length()));
            assertThat(shown).isNotEmpty();
            assertThat(part.getBytes(UTF_8).length <= maxBytes || shown.codePointCount(0, shown.length()) == 1)
                    .isTrue();
            whole.append(shown);
            from = Integer.parseInt(line.group(4));
        }
        assertThat(whole).hasToString(text);
    }
}
