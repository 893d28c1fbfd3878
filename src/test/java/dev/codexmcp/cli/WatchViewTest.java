package dev.codexmcp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codexmcp.cli.fleet.JobRow;
import dev.codexmcp.cli.fleet.ServerInfo;
import dev.codexmcp.testkit.TestJson;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class WatchViewTest {
    private static final ServerInfo SERVER = new ServerInfo(7, "1.2.3", "/project");
    private static final long NOW = 1_000_000;

    private final WatchView view = new WatchView(false, false, false);

    private static JobRow job(String id, String label, String status) {
        ObjectNode json = TestJson.object()
                .put("jobId", id)
                .put("label", label)
                .put("status", status)
                .put("createdAt", NOW - 5000);
        if (status.equals("running")) {
            json.put("doing", "runs: npm test").put("activeAt", NOW - 2000);
        }
        return new JobRow(SERVER, json, 1);
    }

    private String screen(int width, int height) {
        return String.join("\n", view.lines(width, height, NOW));
    }

    @Property(tries = 200)
    void aTableFitsTheWindow(@ForAll @IntRange(min = 8, max = 200) int width) {
        JobTable table = new JobTable(width, false, true);

        assertThat(table.header().length()).isLessThanOrEqualTo(width);
        assertThat(table.row(job("0123456789", "a label that is longer than others", "running"), NOW)
                        .length())
                .isLessThanOrEqualTo(width);
        assertThat(table.header()).startsWith("JOB");
    }

    private WatchView.Wish press(String key) {
        return view.press(new Key(key));
    }

    @Test
    void showsWhatRunsAndEndedJobsOnRequest() {
        view.show(List.of(job("a", "one", "running"), job("b", "two", "done")), 1);
        assertThat(screen(100, 10))
                .contains("1 running", "1 done", "1 server", "▸ a", "runs: npm test")
                .doesNotContain("two");

        press("a");
        view.show(List.of(job("a", "one", "running"), job("b", "two", "done")), 1);

        assertThat(screen(100, 10)).contains("two");
    }

    @Test
    void cancelsOnlyAfterConfirmation() {
        JobRow one = job("a", "one", "running");
        view.show(List.of(one, job("b", "two", "running")), 1);
        press("c");
        assertThat(screen(100, 10)).contains("Cancel one? y/N");
        assertThat(press("n")).isInstanceOf(WatchView.Wish.Nothing.class);
        press("c");
        assertThat(press("enter")).isInstanceOf(WatchView.Wish.Nothing.class);
        press("c");

        assertThat(press("y")).isEqualTo(new WatchView.Wish.Cancel(one));
    }

    @Test
    void theSelectionStaysWithItsJobWhenTheOrderChanges() {
        JobRow one = job("a", "one", "running");
        JobRow two = job("b", "two", "running");
        view.show(List.of(one, two), 1);
        press("down");
        view.show(List.of(two, one), 1);
        assertThat(screen(100, 10)).contains("▸ b");
        assertThat(press("enter")).isEqualTo(new WatchView.Wish.Open(two));
    }

    @Test
    void aLogFollowsItsEndUntilTheUserScrolls() {
        view.show(List.of(job("a", "one", "running")), 1);
        screen(40, 8);
        press("enter");
        for (int i = 0; i < 20; i++) {
            view.addToLog(List.of("line " + i));
        }
        assertThat(screen(40, 8)).contains("line 19").doesNotContain("line 14");
        press("up");
        view.addToLog(List.of("line 20"));
        assertThat(screen(40, 8)).contains("line 18").doesNotContain("line 20");
        press("end");
        assertThat(screen(40, 8)).contains("line 20");
        press("escape");
        assertThat(screen(40, 8)).contains("JOB");
        assertThat(press("q")).isInstanceOf(WatchView.Wish.Quit.class);
    }

    @Test
    void aSelectedRowIsAlwaysOnTheScreen() {
        List<JobRow> jobs = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            jobs.add(job("job-" + i, "label-" + i, "running"));
        }
        view.show(jobs, 1);
        screen(100, 12);
        press("end");
        assertThat(screen(100, 12)).contains("▸ job-499").contains("label-499");
        press("pageup");
        assertThat(screen(100, 12)).contains("▸ job-491");
        press("home");
        assertThat(screen(100, 12)).contains("▸ job-0");
    }

    @Property(tries = 200)
    void noLineIsWiderThanTheWindow(
            @ForAll String label,
            @ForAll @IntRange(min = 20, max = 250) int width,
            @ForAll @IntRange(min = 1, max = 60) int height) {
        WatchView any = new WatchView(false, true, false);
        any.show(List.of(job("a", label, "running"), job("b", label, "failed")), 2);

        List<String> lines = any.lines(width, height, NOW);

        assertThat(lines).hasSizeLessThanOrEqualTo(height);
        assertThat(lines).allSatisfy(line -> assertThat(SafeText.width(line)).isLessThanOrEqualTo(Math.max(width, 46)));
        assertThat(String.join("", lines).chars()).noneMatch(Character::isISOControl);
    }
}
