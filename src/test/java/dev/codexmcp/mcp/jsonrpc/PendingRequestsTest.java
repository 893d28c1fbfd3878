package dev.codexmcp.mcp.jsonrpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.Disposable;
import reactor.core.Disposables;

class PendingRequestsTest {
    private final PendingRequests pending = new PendingRequests();
    private final Disposable work = Disposables.single();

    @Test
    void aRequestIsAnsweredOnceWithItsId() {
        long number = pending.add(json("\"\\u00e9\""), address("\"\\u00e9\""));
        assertThat(pending.size()).isEqualTo(1);

        assertThat(pending.remove(number)).isEqualTo(address("\"\\u00e9\""));
        assertThat(pending.remove(number)).isNull();
        assertThat(pending.remove(number + 1)).isNull();
        assertThat(pending.size()).isZero();
    }

    @Test
    void requestsWithTheSameIdAreKeptApart() {
        long first = pending.add(json("1"), address("1"));
        long second = pending.add(json("1"), address("1"));

        assertThat(first).isNotEqualTo(second);
        assertThat(pending.remove(first)).isEqualTo(address("1"));
        assertThat(pending.remove(second)).isEqualTo(address("1"));
    }

    @Test
    void cancellingARequestEndsItsWorkAndSendsNoAnswer() {
        long number = pending.add(json("1"), address("1"));
        long other = pending.add(json("2"), address("2"));
        pending.setWork(number, work);
        pending.cancel(json("1"));

        assertThat(work.isDisposed()).isTrue();
        assertThat(pending.remove(number)).isNull();
        assertThat(pending.remove(other)).isEqualTo(address("2"));
    }

    @Test
    void workThatStartsAfterTheCancelIsEnded() {
        long number = pending.add(json("1"), address("1"));
        pending.cancel(json("1"));
        pending.setWork(number, work);

        assertThat(work.isDisposed()).isTrue();
    }

    @Test
    void cancellingAnAnsweredRequestHasNoEffect() {
        long number = pending.add(json("1"), address("1"));
        pending.setWork(number, work);
        pending.remove(number);
        pending.cancel(json("1"));

        assertThat(work.isDisposed()).isFalse();
    }

    /** The id in the request, the id in the cancel, and whether they are the same. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "1 | 1 | true",
                "\"é\" | \"\\u00e9\" | true",
                "\"a\\/b\" | \"a/b\" | true",
                "1e2 | 1e2 | true",
                "1 | \"1\" | false",
                "\"null\" | null | false",
                "1 | {} | false",
            })
    void idsAreComparedByValue(String id, String cancelled, boolean same) {
        pending.add(json(id), address(id));
        pending.cancel(json(cancelled));

        assertThat(pending.size()).isEqualTo(same ? 0 : 1);
    }

    @Test
    void actionsForAPendingRequestDoNotRunAfterItsAnswer() {
        List<String> done = new ArrayList<>();
        long number = pending.add(json("1"), address("1"));
        pending.ifPending(number, () -> done.add("waits"));
        pending.remove(number);
        pending.ifPending(number, () -> done.add("answered"));

        assertThat(done).containsExactly("waits");
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ResponseAddress address(String rawId) {
        return new ResponseAddress(rawId, ResponseFormat.WITH_HANDSHAKE);
    }
}
