package dev.codexmcp.orchestration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.testkit.CodexHome;
import dev.codexmcp.testkit.ModelScript;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The skill's drills exactly as documented, run by the real CLI as boss and workers. Three jobs may run: the last drill needs a fourth. */
class ToyDrillsIT {

    @Test
    void theDrillsRunAsWritten() {
        try (BossFixture scene = BossFixture.of("toy-drills", CodexHome.FUNCTION_MODEL, Map.of(), 3)) {
            ModelScript drills = Drill.script(Skill.DRILLS, scene.skill());

            BossRun run = scene.run(drills.say("The drills have run."));

            assertThat(run.answer()).isEqualTo("The drills have run.");
            assertThat(run.failedCommands()).isEmpty();
            // A command that the CLI refuses shows only by its absence.
            assertThat(run.answersOfShell())
                    .hasSameSizeAs(FencedBlock.of(Skill.DRILLS).stream()
                            .filter(FencedBlock::isShell)
                            .toList());
            assertThat(run.job("slow").status()).isEqualTo("canceled");
            // No other worktree is touched, and the drills' scratch folder is deleted.
            assertThat(scene.changes()).isEqualTo(BossFixture.changesOfTheUser());
            assertThat(scene.historyIsUntouched()).isTrue();
            assertThat(Path.of(run.answersOfShell().get(0).strip())).doesNotExist();
            assertThat(Path.of(run.answersOfShell().get(1).strip())).doesNotExist();
        }
    }
}
