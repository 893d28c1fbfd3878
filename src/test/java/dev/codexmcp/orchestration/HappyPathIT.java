package dev.codexmcp.orchestration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.testkit.CodexHome;
import dev.codexmcp.testkit.ModelScript;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Two concurrent workers on different files: the reference run. */
class HappyPathIT {

    private static final Map<String, String> START = Map.of("patched.txt", "old\n");
    private static final BossFixture SCENE = BossFixture.of("happy-path", START);
    private static final BossRun RUN = SCENE.run(boss(SCENE));

    private static final String ANSWER = """
            patched: done. written: done.
            Files:
            patched.txt
            written.txt
            Overlaps: none""";

    @AfterAll
    static void close() {
        SCENE.close();
    }

    @Test
    void twoWorkersRunConcurrentlyOnDisjointFiles() {
        assertThat(RUN.answer()).isEqualTo(ANSWER);
        assertThat(RUN.failedCommands()).isEmpty();
        assertThat(RUN.job("patched").ranBeside(RUN.job("written"))).isTrue();
        assertThat(SCENE.read("patched.txt")).isEqualTo("new\n");
        assertThat(SCENE.read("written.txt")).isEqualTo("written\n");
    }

    @Test
    void headAndTheUsersDirtyFileStayAsTheyWere() {
        assertThat(SCENE.changes()).isEqualTo(changesAfterwards());
        assertThat(SCENE.historyIsUntouched()).isTrue();
    }

    @Test
    void aFileWrittenByAShellCommandIsAttributedByTheReport() {
        assertThat(RUN.answers("codex_events")).map(HappyPathIT::patchedFiles).containsExactly("[patched.txt]", "[]");
        assertThat(RUN.answer()).contains("\nwritten.txt\n");
    }

    @Test
    void aBossInCodeModeDoesTheSame() {
        try (BossFixture scene = BossFixture.of("happy-path-in-code", CodexHome.CODE_MODEL, START)) {
            BossRun run = scene.run(boss(scene));

            assertThat(run.answer()).isEqualTo(ANSWER);
            assertThat(run.job("patched").ranBeside(run.job("written"))).isTrue();
            assertThat(scene.changes()).isEqualTo(changesAfterwards());
            assertThat(scene.historyIsUntouched()).isTrue();
        }
    }

    private static Map<String, String> changesAfterwards() {
        Map<String, String> changes = new HashMap<>(BossFixture.changesOfTheUser());
        changes.put("patched.txt", "new\n");
        changes.put("written.txt", "written\n");
        return changes;
    }

    /** The files patched according to the events of a job. */
    private static String patchedFiles(JsonNode page) {
        return StreamSupport.stream(page.path("events").spliterator(), false)
                .map(event -> event.path("content").path("changes").path(0).path("path"))
                .filter(JsonNode::isTextual)
                .map(path -> path.asText().replaceFirst(".*/", ""))
                .distinct()
                .toList()
                .toString();
    }

    private static ModelScript boss(BossFixture scene) {
        return new Boss(scene)
                .preflight()
                .spawn(
                        "patched",
                        "patched.txt",
                        ModelScript.script()
                                .say("I will change patched.txt.")
                                .meet("both", 2)
                                .updateFile("patched.txt", "old", "new")
                                .say("patched.txt is changed.\n\nmodifiedFiles:\npatched.txt"))
                .spawn(
                        "written",
                        "written.txt",
                        ModelScript.script()
                                .say("I will write written.txt.")
                                .meet("both", 2)
                                .shell("echo written > written.txt")
                                .say("written.txt is written.\n\nmodifiedFiles:\nwritten.txt"))
                .awaitAny("first", "patched", "written")
                .collect("patched")
                .collect("written")
                .events("patched")
                .events("written")
                .compare("patched", "written")
                .check()
                .script()
                .say("patched: {{patchedStatus.status}}. written: {{writtenStatus.status}}.\n"
                        + "Files:\n{{$check}}\nOverlaps: none{{$overlap}}");
    }
}
