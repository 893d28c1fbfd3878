package dev.codexmcp.orchestration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.kit.CodexHome;
import dev.codexmcp.kit.ModelScript;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two workers on different files, side by side: the run that everything else is measured by. */
class HappyPathIT {

    private static final String ANSWER = """
            patched: done. written: done.
            Files:
            patched.txt
            written.txt
            Overlaps: none""";

    @ParameterizedTest
    @ValueSource(strings = {CodexHome.FUNCTION_MODEL, CodexHome.CODE_MODEL})
    void twoWorkersRunAtOnceOnDisjointFiles(String modelName) {
        try (Scene scene = Scene.of("happy-path-" + modelName, modelName, Map.of("patched.txt", "old\n"))) {
            BossRun run = scene.run(boss(scene));

            assertThat(run.answer()).isEqualTo(ANSWER);
            assertThat(run.failedCommands()).isEmpty();
            assertThat(run.job("patched").ranBeside(run.job("written"))).isTrue();
            Map<String, String> expected = new HashMap<>(Scene.changesOfTheUser());
            expected.put("patched.txt", "new\n");
            expected.put("written.txt", "written\n");
            assertThat(scene.changes()).isEqualTo(expected);
            assertThat(scene.historyIsUntouched()).isTrue();
            aFileWrittenByAShellCommandIsAttributedByTheReport(run);
        }
    }

    private static void aFileWrittenByAShellCommandIsAttributedByTheReport(BossRun run) {
        assertThat(run.answers("codex_events"))
                .map(page -> StreamSupport.stream(page.path("events").spliterator(), false)
                        .map(event -> event.path("content").path("changes"))
                        .filter(JsonNode::isArray)
                        .map(changes -> changes.path(0).path("path").asText())
                        .map(path -> path.substring(path.lastIndexOf('/') + 1))
                        .distinct()
                        .toList()
                        .toString())
                .containsExactly("[patched.txt]", "[]");
    }

    private static ModelScript boss(Scene scene) {
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
