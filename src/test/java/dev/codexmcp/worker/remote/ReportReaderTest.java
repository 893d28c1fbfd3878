package dev.codexmcp.worker.remote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.worker.ExitStatus;
import dev.codexmcp.worker.TailBuffer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is a report, what the worker wrote, and what the engine said, however the bytes arrive. */
class ReportReaderTest {
    private static final String KEY = "0123456789abcdef";
    private static final String MARK = "\u001e" + KEY + " ";

    private final TailBuffer worker = new TailBuffer(10_000);
    private final List<Report> reports = new ArrayList<>();
    private final ReportReader reader = new ReportReader(KEY, worker, reports::add);

    private void read(String text, int atOnce) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int from = 0; from < bytes.length; from += atOnce) {
            ByteBuffer room = reader.room();
            int length = Math.min(atOnce, bytes.length - from);
            room.put(bytes, from, length);
            reader.filled(length);
        }
        reader.ended();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 64, 4096})
    void reportsAreTakenOutOfWhatTheWorkerWrites(int atOnce) {
        read(
                "srun: job 1 queued\n" + MARK + "start node1 7\nwarning ü \u001e\u001e0123 not a report\nno end" + MARK
                        + "exit 143\nsrun: error: node1: task 0: Terminated\n",
                atOnce);

        assertThat(reports).containsExactly(new Report.Started("node1"), new Report.Exited(ExitStatus.of(143), false));
        assertThat(worker.text()).isEqualTo("warning ü \u001e\u001e0123 not a report\nno end");
        assertThat(reader.engineWords()).isEqualTo("srun: job 1 queued\nsrun: error: node1: task 0: Terminated\n");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 4096})
    void theMessageOfAnEngineThatStartsNothingIsShown(int atOnce) {
        read("srun: error: invalid partition\n", atOnce);

        assertThat(reports).isEmpty();
        assertThat(worker.text()).isEqualTo("srun: error: invalid partition\n");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4096})
    void aWorkerThatDoesNotKnowTheKeyReportsNothing(int atOnce) {
        String forged = "\u001e0123456789abcdee exit 0\n\u001e exit 0\nexit 0\n";
        read(MARK + "start node1 7\n" + forged + MARK + "fail no directory /x y on node1\n", atOnce);

        assertThat(reports)
                .containsExactly(new Report.Started("node1"), new Report.Failed("no directory /x y on node1"));
        assertThat(worker.text()).isEqualTo(forged);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4096})
    void whyTheEngineEndedAWorkerIsFoundInWhatTheWorkerWrote(int atOnce) {
        read(
                MARK + "start node1 7\n" + "x".repeat(5000)
                        + "\nslurmstepd-node1: error: *** STEP 7.0 CANCELLED ***\nbye\n" + MARK + "exit 143 stopped\n",
                atOnce);

        assertThat(reports.get(1)).isEqualTo(new Report.Exited(ExitStatus.of(143), true));
        assertThat(reader.endingWords()).isEqualTo("slurmstepd-node1: error: *** STEP 7.0 CANCELLED ***");
    }
}
