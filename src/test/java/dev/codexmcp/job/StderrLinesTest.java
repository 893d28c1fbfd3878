package dev.codexmcp.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.job.log.FakeLogs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StderrLinesTest {
    private final Job job = WorkerlessJobs.running();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {"one|one", "one^two|two", "one^two^|two", "one^ two ^^  ^|two", "one^\ttwo |two"})
    void theLastLineIsTheLastNonBlankOne(String text, String expected) {
        print(text.replace('^', '\n'));

        assertThat(job.output().lastStderrLines(1)).containsExactly(expected);
    }

    @Test
    void aCarriageReturnIsNotPartOfALine() {
        print("one\r\ntwo\r\n\r\n");

        assertThat(job.output().lastStderrLines(1)).containsExactly("two");
    }

    @Test
    void theRequestedNumberOfLinesIsReturned() {
        print("one\ntwo\nthree\n");

        assertThat(job.output().lastStderrLines(2)).containsExactly("two", "three");
        assertThat(job.output().lastStderrLines(9)).containsExactly("one", "two", "three");
    }

    @Test
    void theLineThatTheCliPrintsAtEveryStartIsSkipped() {
        print("Error: no such model\nReading additional input from stdin...\n");

        assertThat(job.output().lastStderrLines(5)).containsExactly("Error: no such model");
    }

    private void print(String text) {
        FakeLogs.say(job.output().stderr(), text.getBytes(UTF_8));
    }
}
