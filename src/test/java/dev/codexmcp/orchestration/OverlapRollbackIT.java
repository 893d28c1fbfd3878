package dev.codexmcp.orchestration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.testkit.ModelScript;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Two workers edit one file and overwrite each other: roll back to the record, then run them one after the other. */
class OverlapRollbackIT {

    private static final String START = "one\ntwo, by the user\n";

    @Test
    void anOverlapIsRolledBackAndRunInTurn() {
        try (BossFixture scene = BossFixture.of("overlap-rollback", Map.of("list.txt", "one\n"))) {
            // The user has uncommitted changes in the file that the workers edit.
            scene.write("list.txt", START);

            BossRun run = scene.run(boss(scene));

            assertThat(run.answer()).isEqualTo("""
                    Overlap in list.txt, rolled back and run in turn.
                    list.txt holds: one, two, by the user, three, four
                    Files: list.txt""");
            assertThat(run.failedCommands()).isEmpty();
            assertThat(run.job("three").ranBeside(run.job("four"))).isTrue();
            assertThat(run.job("threeAgain").endedBefore(run.job("fourAgain"))).isTrue();
            Map<String, String> expected = new HashMap<>(BossFixture.changesOfTheUser());
            expected.put("list.txt", START + "three\nfour\n");
            assertThat(scene.changes()).isEqualTo(expected);
            assertThat(scene.historyIsUntouched()).isTrue();
        }
    }

    private static ModelScript boss(BossFixture scene) {
        Boss boss = new Boss(scene)
                .preflight()
                .spawn("three", "list.txt", Overlap.first(START, "three"))
                .spawn("four", "list.txt", Overlap.last(START, "four"))
                .collect("three")
                .collect("four")
                .compare("three", "four");
        // One edit is lost: nothing to reconcile from.
        boss.script().expect("{{$overlap}}", "list.txt").as("lost").shell("grep -c three list.txt || true");
        boss.script().expect("{{$lost}}", "0");
        boss.restore("{{$overlap}}");
        boss.script().as("restored").shell("cat list.txt");
        boss.script().expect("{{restored}}", START);
        boss.spawn("threeAgain", "list.txt", Overlap.inTurn("three"))
                .collect("threeAgain")
                .spawn("fourAgain", "list.txt", Overlap.inTurn("four"))
                .collect("fourAgain")
                .check();
        boss.script().as("list").shell("paste -sd, list.txt | sed 's/,/, /g; s/,  /, /g'");
        return boss.script()
                .say("Overlap in {{$overlap}}, rolled back and run in turn.\n"
                        + "list.txt holds: {{$list}}\nFiles: {{$check}}");
    }
}
