package dev.codexmcp.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IsoTimeTest {
    @ParameterizedTest
    @CsvSource({
        "0, 1970-01-01T00:00:00.000Z",
        "7, 1970-01-01T00:00:00.007Z",
        "-1, 1969-12-31T23:59:59.999Z",
        "1767773350050, 2026-01-07T08:09:10.050Z",
        "1767773350500, 2026-01-07T08:09:10.500Z",
        "1767773340000, 2026-01-07T08:09:00.000Z",
        "1767744000000, 2026-01-07T00:00:00.000Z",
        "1709164800099, 2024-02-29T00:00:00.099Z",
        "253402300799999, 9999-12-31T23:59:59.999Z",
    })
    void alwaysPrintsMilliseconds(long epochMillis, String printed) {
        assertThat(IsoTime.format(epochMillis)).isEqualTo(printed);
    }

    @Property
    void aPrintedTimeParsesToTheSameTime(@ForAll @LongRange(min = 0, max = 253402300799999L) long epochMillis) {
        String printed = IsoTime.format(epochMillis);

        assertThat(Instant.parse(printed)).isEqualTo(Instant.ofEpochMilli(epochMillis));
        assertThat(printed).hasSize(24);
    }
}
