package dev.codexmcp.orchestration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.testkit.Gate;
import dev.codexmcp.testkit.ModelScript;
import dev.codexmcp.testkit.ProcessProbe;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Three workers: the boss reacts to the first one to end, and cancels the slow one. */
class FirstDoneWinsIT {

    @Test
    void theBossTakesTheFirstAndCancelsTheSlowOne() {
        try (BossFixture scene = BossFixture.of("first-done-wins", Map.of("slow.txt", "as it was\n"))) {
            String prompt = boss(scene).prompt();
            CompletableFuture<BossRun> running =
                    CompletableFuture.supplyAsync(() -> scene.run(prompt, scene.repository()));
            ProcessProbe commandOfTheSlowOne = scene.processes().and(ProcessProbe.running("sleep", "611"));
            commandOfTheSlowOne.awaitSome(1);
            Gate answering = scene.model().gate("answering");

            scene.model().gate("canceling").open();
            answering.awaitArrivals(1);

            assertThat(commandOfTheSlowOne.find()).isEmpty();
            answering.open();
            BossRun run = running.join();
            assertThat(run.answer()).isEqualTo("""
                    First: quick. Also done: steady. Canceled: slow, restored: slow.txt
                    Files:
                    quick.txt
                    steady.txt""");
            assertThat(run.failedCommands()).isEmpty();
            assertThat(run.job("quick").endedBefore(run.job("steady"))).isFalse();
            assertThat(run.job("slow").status()).isEqualTo("canceled");
            assertThat(run.job("slow").ranBeside(run.job("quick"))).isTrue();
            assertThat(run.job("slow").ranBeside(run.job("steady"))).isTrue();
            Map<String, String> expected = new HashMap<>(BossFixture.changesOfTheUser());
            expected.put("quick.txt", "quick\n");
            expected.put("steady.txt", "steady\n");
            assertThat(scene.changes()).isEqualTo(expected);
            assertThat(scene.historyIsUntouched()).isTrue();
        }
    }

    private static ModelScript boss(BossFixture scene) {
        Boss boss = new Boss(scene)
                .preflight()
                .spawn(
                        "slow",
                        "slow.txt",
                        ModelScript.script()
                                .say("I will write slow.txt.")
                                .shell("echo half > slow.txt; sleep 611; echo 'the other half' >> slow.txt")
                                .stall())
                .spawn(
                        "steady",
                        "steady.txt",
                        ModelScript.script()
                                .meet("first-is-collected", 2)
                                .shell("echo steady > steady.txt")
                                .say("steady.txt is written.\n\nmodifiedFiles:\nsteady.txt"))
                .spawn(
                        "quick",
                        "quick.txt",
                        ModelScript.script()
                                .shell("echo quick > quick.txt")
                                .say("quick.txt is written.\n\nmodifiedFiles:\nquick.txt"))
                .awaitAny("first", "slow", "steady", "quick");
        boss.script().expect("{{first.completedJobId}}", "{{quick.jobId}}");
        boss.status("quick").result("quick");
        boss.script().meet("first-is-collected", 2);
        boss.collect("steady");
        boss.script().gate("canceling");
        boss.cancel("slow").status("slow").check();
        boss.script().expect("{{slowCancel.success}}", "true").expectLines("{{check}}", "slow.txt");
        boss.restore("slow.txt").check();
        return boss.script()
                .gate("answering")
                .say("First: {{quickStatus.label}}. Also done: {{steadyStatus.label}}. Canceled: {{slowStatus.label}},"
                        + " restored: slow.txt\nFiles:\n{{$check}}");
    }
}
