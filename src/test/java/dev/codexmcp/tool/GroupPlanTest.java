package dev.codexmcp.tool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.codex.Sandbox;
import dev.codexmcp.codex.WorkerOptions;
import dev.codexmcp.job.Limits;
import dev.codexmcp.job.Scheduling;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GroupPlanTest {
    private static GroupPlan.Wish wish(String label, String... dependsOn) {
        Scheduling scheduling = new Scheduling(false, 0, List.of(dependsOn), Limits.NONE);
        Optional<String> name = label.isEmpty() ? Optional.empty() : Optional.of(label);
        return new GroupPlan.Wish(
                Optional.of(WorkerParameters.job("do it", WorkerOptions.NONE, name, Sandbox.READ_ONLY, scheduling)),
                Optional.empty(),
                name);
    }

    private static GroupPlan plan(GroupPlan.Wish... wishes) {
        return new GroupPlan(List.of(wishes));
    }

    @Test
    void eachEntryComesAfterThoseItDependsOnElseInTheOrderGiven() {
        assertThat(plan(wish("a"), wish("b"), wish("c")).order()).containsExactly(0, 1, 2);
        assertThat(plan(wish("test", "build", "lint"), wish("build"), wish(""), wish("lint"), wish("", "test"))
                        .order())
                .containsExactly(1, 2, 3, 0, 4);
    }

    @Test
    void aLabelStandsForTheJobThatHasItAndAnythingElseIsAnId() {
        GroupPlan plan = plan(wish("build"), wish("test", "build", "job-of-before", "build"));

        assertThat(plan.dependencies(1)).containsExactly(0);
        assertThat(plan.jobIds(1, Map.of(0, "job-7"))).containsExactly("job-7", "job-of-before");
        plan.order();
        assertThat(plan.circles()).isEmpty();
    }

    @Test
    void entriesThatWaitForACircleAreNotPartOfIt() {
        GroupPlan plan = plan(
                wish("self", "self"),
                wish("one", "two"),
                wish("two", "three"),
                wish("three", "one", "free"),
                wish("after", "three"),
                wish("later", "after"),
                wish("free"));

        assertThat(plan.order()).containsExactly(6);
        assertThat(plan.circles()).containsExactlyInAnyOrder(0, 1, 2, 3);
    }

    @Test
    void aLabelThatSeveralHaveIsAmbiguous() {
        GroupPlan plan = plan(wish("a"), wish("a"), wish("", "a"), wish("a", "b"));

        assertThat(plan.ambiguous(2)).contains("a");
        assertThat(plan.ambiguous(3)).as("an id").isEmpty();
        assertThat(plan.dependencies(2)).isEmpty();
    }

    @Test
    void aRefusedEntryKeepsItsLabel() {
        GroupPlan plan =
                plan(new GroupPlan.Wish(Optional.empty(), Optional.of("no prompt"), Optional.of("a")), wish("", "a"));

        assertThat(plan.order()).containsExactly(0, 1);
        assertThat(plan.dependencies(1)).containsExactly(0);
    }

    @Test
    void tenThousandEntriesAreAccepted() {
        List<GroupPlan.Wish> chain = new ArrayList<>(List.of(wish("0")));
        IntStream.range(1, 10_000).forEach(i -> chain.add(0, wish("" + i, "" + (i - 1))));
        assertThat(new GroupPlan(chain).order()).startsWith(9_999, 9_998).hasSize(10_000);

        List<GroupPlan.Wish> circle = new ArrayList<>(List.of(wish("hub", "9999")));
        IntStream.range(1, 10_000).forEach(i -> circle.add(wish("" + i, "hub")));
        GroupPlan plan = new GroupPlan(circle);
        assertThat(plan.order()).isEmpty();
        assertThat(plan.circles()).containsExactlyInAnyOrder(0, 9_999);
    }
}
