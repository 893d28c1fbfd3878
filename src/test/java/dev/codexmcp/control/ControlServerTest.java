package dev.codexmcp.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.job.FakeFleet;
import dev.codexmcp.job.Job;
import dev.codexmcp.job.JobTimer;
import dev.codexmcp.job.fleet.Fleet;
import dev.codexmcp.job.log.FakeLogs;
import dev.codexmcp.testkit.Polling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ControlServerTest {
    @TempDir
    private Path runtime;

    private final ScheduledThreadPoolExecutor timer = JobTimer.create();
    private final FakeFleet jobs = new FakeFleet();
    private final Fleet fleet = new Fleet(jobs.registry(), timer, job -> Optional.empty(), Set::of);
    private ControlSocket control = new ControlSocket(Map.of(), "1.2.3");

    @BeforeEach
    void prepare() {
        control = new ControlSocket(Map.of("XDG_RUNTIME_DIR", runtime.toString()), "1.2.3");
        control.openWithFirstJob(new Sources(jobs.registry(), fleet, jobs.changes(), List::of));
    }

    @AfterEach
    void close() {
        control.close();
        timer.shutdownNow();
    }

    private Path folder() {
        return runtime.resolve("codex-mcp-server");
    }

    private Path socket() {
        Polling.until(
                "the socket",
                () -> Files.isDirectory(folder())
                        && !SocketFolder.sockets(folder()).isEmpty());
        return SocketFolder.sockets(folder()).get(0);
    }

    /** Connected, after the greeting. */
    private SocketReader connect() throws IOException {
        SocketReader reader = new SocketReader(socket());
        reader.next();
        return reader;
    }

    private static List<String> ids(JsonNode answer) {
        return answer.path("jobs").findValuesAsText("jobId");
    }

    @Test
    void opensWithTheFirstJobForThisUserAloneAndRemovesItselfAtTheEnd() throws IOException {
        assertThat(folder()).doesNotExist();

        jobs.queued("a", Optional.empty());

        Path socket = socket();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder())))
                .isEqualTo("rwx------");
        Polling.until(
                "the socket's permissions",
                () -> PosixFilePermissions.toString(Files.getPosixFilePermissions(socket))
                        .equals("rw-------"));
        control.close();
        // A close that overtakes the opening leaves the removal to the opening thread.
        Polling.until("the socket's removal", () -> Files.notExists(socket));
    }

    @RepeatedTest(50)
    void removesASocketThatIsBeingOpened() {
        jobs.queued("a", Optional.empty());
        control.close();

        assertThat(SocketFolder.sockets(folder())).isEmpty();
    }

    @Test
    void saysWhichServerItIsAndWhichProtocolItSpeaks() throws IOException {
        jobs.running("a");
        try (SocketReader reader = new SocketReader(socket())) {
            JsonNode greeting = reader.next();

            assertThat(greeting.path("protocol").asInt()).isEqualTo(1);
            assertThat(greeting.path("server").path("version").asText()).isEqualTo("1.2.3");
            assertThat(greeting.path("server").path("pid").asLong())
                    .isEqualTo(ProcessHandle.current().pid());
            assertThat(reader.ask("{\"op\":\"jobs\",\"protocol\":2}")
                            .path("error")
                            .asText())
                    .contains("speaks protocol 1");
        }
    }

    @Test
    void sendsEachReaderWhatHasChangedSinceItAskedLast() throws IOException {
        Job first = jobs.running("a", Optional.of("one"));
        jobs.queued("b", Optional.of("two"));
        try (SocketReader reader = connect();
                SocketReader other = connect()) {
            JsonNode all = reader.ask("{\"op\":\"jobs\"}");
            assertThat(ids(all)).containsExactlyInAnyOrder("a", "b");
            assertThat(all.path("counts").path("running").asInt()).isEqualTo(1);
            assertThat(all.path("counts").path("queued").asInt()).isEqualTo(1);

            FakeFleet.message(first, "hello");
            assertThat(ids(reader.ask("{\"op\":\"jobs\"}"))).contains("a");
            FakeFleet.end(first);
            JsonNode ended = reader.ask("{\"op\":\"jobs\"}");
            assertThat(ended.path("jobs").path(0).path("status").asText()).isEqualTo("done");
            assertThat(ids(other.ask("{\"op\":\"jobs\"}"))).containsExactlyInAnyOrder("a", "b");
        }
    }

    @Test
    void namesTheJobsThatCouldNotBeStarted() throws IOException {
        Job refused = jobs.queued("a", Optional.empty());
        try (SocketReader reader = connect()) {
            assertThat(ids(reader.ask("{\"op\":\"jobs\"}"))).containsExactly("a");

            jobs.refuse(refused);

            assertThat(reader.ask("{\"op\":\"jobs\"}").path("gone").path(0).asText())
                    .isEqualTo("a");
        }
    }

    @Test
    void sendsManyJobsInSeveralAnswersEachOnce() throws IOException {
        int many = 3000;
        for (int i = 0; i < many; i++) {
            FakeFleet.end(jobs.running("job-" + i, Optional.of("x".repeat(200))));
        }
        List<String> received = new ArrayList<>();
        try (SocketReader reader = connect()) {
            boolean more = true;
            while (more) {
                JsonNode answer = reader.ask("{\"op\":\"jobs\"}");
                assertThat(answer.toString().length()).isLessThan(2 * Answers.MOST_BYTES);
                received.addAll(ids(answer));
                more = answer.path("more").asBoolean();
            }
        }
        assertThat(received).hasSize(many).doesNotHaveDuplicates();
    }

    @Test
    void jobsThatNeverRestDoNotKeepTheOthersFromBeingSent() throws IOException {
        List<Job> running = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            running.add(jobs.running("job-" + i, Optional.of("x".repeat(200))));
        }
        Set<String> received = new HashSet<>();
        try (SocketReader reader = connect()) {
            for (int round = 0; round < 2; round++) {
                received.clear();
                boolean more = true;
                for (int answers = 0; more; answers++) {
                    assertThat(answers).isLessThan(20);
                    running.forEach(job -> FakeFleet.print(job, FakeLogs.message("on and on") + "\n"));
                    JsonNode answer = reader.ask("{\"op\":\"jobs\"}");
                    received.addAll(ids(answer));
                    more = answer.path("more").asBoolean();
                }
                assertThat(received).hasSize(3000);
            }
        }
    }

    @Test
    void sendsEventsDetailsAndLanes() throws IOException {
        Job job = jobs.running("a");
        FakeFleet.message(job, "hello");
        try (SocketReader reader = connect()) {
            JsonNode page = reader.ask("{\"op\":\"events\",\"jobId\":\"a\",\"cursor\":1}");
            assertThat(page.path("events").path(0).path("content").path("text").asText())
                    .isEqualTo("hello");
            assertThat(page.path("done").asBoolean()).isFalse();
            assertThat(reader.ask("{\"op\":\"job\",\"jobId\":\"a\"}")
                            .path("message")
                            .asText())
                    .isEqualTo("hello");
            JsonNode lanes = reader.ask("{\"op\":\"lanes\",\"jobIds\":[\"a\",\"unknown\"],\"steps\":10}");
            assertThat(lanes.path("lanes").path("a")).isNotEmpty();
            assertThat(lanes.path("lanes").has("unknown")).isFalse();
        }
    }

    @Test
    void aSlowAnswerBlocksNoOther() throws IOException {
        jobs.running("a");
        try (SocketReader slow = connect();
                SocketReader reader = connect()) {
            slow.send("{\"op\":\"changes\",\"jobId\":\"a\"}\n{\"op\":\"job\",\"jobId\":\"a\"}");
            assertThat(ids(reader.ask("{\"op\":\"jobs\"}"))).containsExactly("a");
            assertThat(slow.next().has("files")).isTrue();
            assertThat(slow.next().path("jobId").asText()).isEqualTo("a");
        }
    }

    @Test
    void cancelsAJobOnce() throws IOException {
        Job job = jobs.queued("a", Optional.empty());
        try (SocketReader reader = connect()) {
            assertThat(reader.ask("{\"op\":\"cancel\",\"jobId\":\"a\"}")
                            .path("canceled")
                            .asBoolean())
                    .isTrue();
            assertThat(job.ended()).isTrue();
            assertThat(reader.ask("{\"op\":\"cancel\",\"jobId\":\"a\"}")
                            .path("canceled")
                            .asBoolean())
                    .isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "[]",
                "{\"op\":",
                "{}",
                "{\"op\":3}",
                "{\"op\":\"spawn\",\"prompt\":\"p\"}",
                "{\"op\":\"cancel\"}",
                "{\"op\":\"events\",\"jobId\":\"none\"}",
                "{\"op\":\"events\",\"jobId\":{\"a\":[1]}}"
            })
    void answersAnInvalidRequestWithAnErrorAndContinues(String request) throws IOException {
        jobs.running("a");
        try (SocketReader reader = connect()) {
            assertThat(reader.ask(request).path("error").asText()).isNotEmpty();
            assertThat(ids(reader.ask("{\"op\":\"jobs\"}"))).containsExactly("a");
        }
    }

    @Test
    void answersRequestsThatComeTogetherOneAfterTheOther() throws IOException {
        jobs.running("a");
        try (SocketReader reader = connect()) {
            reader.send("{\"op\":\"job\",\"jobId\":\"a\"}\n{\"op\":\"job\",\"jobId\":\"b\"}\n{\"op\":\"jobs\"}");

            assertThat(reader.next().path("jobId").asText()).isEqualTo("a");
            assertThat(reader.next().path("error").asText()).contains("no job \"b\"");
            assertThat(ids(reader.next())).containsExactly("a");
        }
    }

    @Test
    void aReaderThatReadsNoAnswersBlocksNoOther() throws IOException {
        Job job = jobs.running("a");
        for (int i = 0; i < 500; i++) {
            FakeFleet.message(job, "x".repeat(2000));
        }
        try (SocketReader stuck = connect();
                SocketReader reader = connect()) {
            for (int i = 0; i < 100; i++) {
                stuck.send("{\"op\":\"events\",\"jobId\":\"a\"}");
            }
            assertThat(ids(reader.ask("{\"op\":\"jobs\"}"))).containsExactly("a");
            FakeFleet.end(job);
            assertThat(reader.ask("{\"op\":\"jobs\"}")
                            .path("jobs")
                            .path(0)
                            .path("status")
                            .asText())
                    .isEqualTo("done");
        }
    }

    @Test
    void dropsAReaderWithAnEndlessRequest() throws IOException {
        jobs.running("a");
        try (SocketReader hostile = connect();
                SocketReader reader = connect()) {
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 1000; i++) {
                            hostile.send("x".repeat(Reader.LONGEST_REQUEST));
                        }
                        throw new IOException("never dropped");
                    })
                    .isInstanceOf(IOException.class)
                    .hasMessageNotContaining("never");
            assertThat(ids(reader.ask("{\"op\":\"jobs\"}"))).containsExactly("a");
        }
    }

    @Test
    void aNewReaderTakesThePlaceOfTheOneThatHasBeenQuietLongest() throws IOException {
        jobs.running("a");
        List<SocketReader> readers = new ArrayList<>();
        try {
            for (int i = 0; i < 40; i++) {
                readers.add(connect());
            }
            assertThat(ids(readers.get(39).ask("{\"op\":\"jobs\"}"))).containsExactly("a");
            assertThat(readers.get(0).next().isMissingNode()).isTrue();
        } finally {
            for (SocketReader reader : readers) {
                reader.close();
            }
        }
    }
}
