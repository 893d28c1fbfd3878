package dev.codexmcp.orchestration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.testkit.ModelScript;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Two workers edit one file: a third continues from the result. */
class OverlapReconcileIT {

    private static final String START = "one\ntwo\n";

    @Test
    void aThirdJobReconcilesFromTheCurrentState() {
        try (BossFixture scene = BossFixture.of("overlap-reconcile", Map.of("list.txt", START))) {
            BossRun run = scene.run(boss(scene));

            assertThat(run.answer()).isEqualTo("Overlap in list.txt, reconciled: done.\nFiles: list.txt");
            assertThat(run.failedCommands()).isEmpty();
            assertThat(run.job("three").ranBeside(run.job("four"))).isTrue();
            assertThat(run.job("three").endedBefore(run.job("reconcile"))).isTrue();
            assertThat(run.job("four").endedBefore(run.job("reconcile"))).isTrue();
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
        boss.script().expect("{{$overlap}}", "list.txt").as("now").shell("cat list.txt");
        boss.script().expect("{{now}}", START + "four\n");
        ModelScript reconcile = ModelScript.script()
                .say("I will bring the line of the job three back into list.txt.")
                .shell("cat list.txt")
                .updateFile("list.txt", "four", "three\n+four")
                .say("Both lines are there.\n\nmodifiedFiles:\nlist.txt");
        return boss.spawn("reconcile", "list.txt", reconcile)
                .collect("reconcile")
                .check()
                .script()
                .say("Overlap in {{$overlap}}, reconciled: {{reconcileStatus.status}}.\nFiles: {{$check}}");
    }
}
