package dev.codexmcp.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.codexmcp.git.Attribution.By;
import dev.codexmcp.git.ChangeLedger.Overlap;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Attribution of changes. Times are in seconds; each snapshot takes one second. */
class ChangeLedgerTest {
    private static final RepoPath FILE = RepoPath.plain("src/a");
    private static final Entry ONE = new Entry("100644", "1");
    private static final Entry TWO = new Entry("100644", "2");
    private static final Entry THREE = new Entry("100644", "3");

    private final ChangeLedger ledger = new ChangeLedger();

    private static long at(long second) {
        return TimeUnit.SECONDS.toNanos(second);
    }

    private void snapshot(int second, PathChange... changes) {
        ledger.snapshot(at(second), at(second + 1), List.of(changes));
    }

    private static PathChange change(@Nullable Entry before, @Nullable Entry after) {
        return new PathChange(FILE, before, after);
    }

    private static Attribution attribution(By by, PathChange change, @Nullable ChangeKind kind, String... others) {
        return new Attribution(FILE, by, Set.of(), change, kind, Set.of(others));
    }

    private void start(String job, int second, String... declared) {
        ledger.started(
                job, at(second), List.of(declared).stream().map(PathPattern::of).toList());
    }

    @Test
    void aChangeByTheOnlyWriterIsAttributedToIt() {
        start("a", 1);
        snapshot(1);
        ledger.acted("a", at(5));
        ledger.ended("a", at(9));
        snapshot(9, change(ONE, TWO));

        assertThat(ledger.changes("a")).containsExactly(attribution(By.COMMAND, change(ONE, TWO), null));
        assertThat(ledger.hasBaseline("a")).isTrue();
        assertThat(ledger.overlaps()).isEmpty();
    }

    @Test
    void aChangeWithoutAWriterIsNotAttributed() {
        snapshot(1);
        snapshot(10, change(ONE, TWO));
        start("a", 12);
        snapshot(13);
        ledger.acted("a", at(20));
        ledger.ended("a", at(22));
        snapshot(23);
        snapshot(30, change(TWO, THREE));

        assertThat(ledger.changes("a")).isEmpty();
    }

    @Test
    void aWriterWithoutAnActionHasWrittenNothing() {
        start("a", 1);
        start("b", 1);
        snapshot(1);
        ledger.acted("a", at(5));
        snapshot(9, change(ONE, TWO));

        assertThat(ledger.changes("a")).containsExactly(attribution(By.COMMAND, change(ONE, TWO), null));
        assertThat(ledger.changes("b")).isEmpty();
    }

    @Test
    void aWriterThatHasReportedNothingMayHaveWrittenWhileItRanAlone() {
        start("a", 1);
        snapshot(1);
        ledger.ended("a", at(8));
        snapshot(9, change(ONE, TWO));

        assertThat(ledger.changes("a")).containsExactly(attribution(By.COMMAND, change(ONE, TWO), null));
    }

    @Test
    void aSnapshotAfterTheEndOfAWriterThatHasReportedNothingIsTooLate() {
        snapshot(1);
        start("a", 3);
        ledger.ended("a", at(4));
        snapshot(4, change(ONE, TWO));

        assertThat(ledger.hasBaseline("a")).isFalse();
        assertThat(ledger.changes("a")).containsExactly(attribution(By.COMMAND, change(ONE, TWO), null));
    }

    @Test
    void severalWritersThatHaveReportedNothingMayAllHaveWritten() {
        start("a", 1);
        start("b", 1);
        snapshot(1);
        ledger.ended("a", at(8));
        ledger.ended("b", at(8));
        snapshot(9, change(ONE, TWO));

        assertThat(ledger.changes("a"))
                .containsExactly(new Attribution(FILE, By.UNKNOWN, Set.of("a", "b"), change(ONE, TWO), null, Set.of()));
    }

    @Test
    void withSeveralWritersAChangeIsUncertainUnlessOneReportsAPatch() {
        start("a", 1);
        start("b", 1);
        snapshot(1);
        ledger.acted("a", at(5));
        ledger.acted("b", at(5));
        PathChange other = new PathChange(RepoPath.plain("b"), null, ONE);
        ledger.patched("b", RepoPath.plain("b"), ChangeKind.ADD, at(6));
        snapshot(9, change(ONE, TWO), other);

        Attribution unknown = new Attribution(FILE, By.UNKNOWN, Set.of("a", "b"), change(ONE, TWO), null, Set.of());
        assertThat(ledger.changes("a")).containsExactly(unknown);
        assertThat(ledger.changes("b"))
                .containsExactly(
                        new Attribution(RepoPath.plain("b"), By.PATCH, Set.of(), other, ChangeKind.ADD, Set.of()),
                        unknown);
        assertThat(ledger.overlaps()).isEmpty();
    }

    @Test
    void aPatchIsCertainWithoutAnySnapshot() {
        start("a", 1);
        ledger.patched("a", FILE, ChangeKind.DELETE, at(6));

        assertThat(ledger.changes("a"))
                .containsExactly(new Attribution(FILE, By.PATCH, Set.of(), null, ChangeKind.DELETE, Set.of()));
        assertThat(ledger.hasBaseline("a")).isFalse();
    }

    @Test
    void aSnapshotOverlappingTheFirstActionIsNotABaseline() {
        start("a", 1);
        ledger.acted("a", at(2));
        snapshot(1);

        assertThat(ledger.hasBaseline("a")).isFalse();
    }

    @Test
    void aRevertedFileIsNotAChangeButAPatchStays() {
        start("a", 1);
        snapshot(1);
        ledger.acted("a", at(5));
        start("b", 7);
        snapshot(7, change(ONE, TWO));
        snapshot(9, change(TWO, ONE));
        assertThat(ledger.changes("a")).isEmpty();
        ledger.patched("a", FILE, ChangeKind.UPDATE, at(12));

        assertThat(ledger.changes("a"))
                .containsExactly(new Attribution(FILE, By.PATCH, Set.of(), null, ChangeKind.UPDATE, Set.of()));
    }

    @Test
    void theUsersEditBeforeTheFirstActionIsPartOfTheBaseline() {
        snapshot(1);
        start("a", 5);
        snapshot(5, change(ONE, TWO));
        ledger.patched("a", FILE, ChangeKind.UPDATE, at(9));
        ledger.ended("a", at(10));
        snapshot(10, change(TWO, THREE));

        assertThat(ledger.changes("a")).containsExactly(attribution(By.PATCH, change(TWO, THREE), ChangeKind.UPDATE));
    }

    @Test
    void twoJobsThatChangedAFileOverlap() {
        start("a", 1);
        start("b", 1);
        snapshot(1);
        ledger.patched("a", FILE, ChangeKind.UPDATE, at(5));
        assertThat(ledger.overlaps()).isEmpty();
        ledger.patched("b", FILE, ChangeKind.UPDATE, at(6));

        assertThat(ledger.overlaps()).containsExactly(new Overlap(FILE, Set.of("a", "b")));
        snapshot(9, change(ONE, TWO));
        assertThat(ledger.changes("a"))
                .containsExactly(attribution(By.PATCH, change(ONE, TWO), ChangeKind.UPDATE, "b"));
    }

    @Test
    void aLaterPatchByAnotherJobIsNotPartOfTheChange() {
        start("a", 1);
        snapshot(1);
        ledger.acted("a", at(5));
        start("b", 7);
        snapshot(7, change(ONE, TWO));
        ledger.patched("b", FILE, ChangeKind.UPDATE, at(12));
        snapshot(15, change(TWO, THREE));

        assertThat(ledger.changes("a")).containsExactly(attribution(By.COMMAND, change(ONE, TWO), null, "b"));
        assertThat(ledger.changes("b")).containsExactly(attribution(By.PATCH, change(TWO, THREE), ChangeKind.UPDATE));
        assertThat(ledger.overlaps()).containsExactly(new Overlap(FILE, Set.of("a", "b")));
    }

    @Test
    void aFileDeclaredByAnotherJobOverlapsWhileThatJobRuns() {
        start("a", 1);
        start("b", 1, "src/**");
        start("c", 1, "src/a");
        ledger.ended("c", at(2));
        ledger.patched("a", FILE, ChangeKind.UPDATE, at(5));
        ledger.patched("a", RepoPath.plain("srcs"), ChangeKind.UPDATE, at(5));

        assertThat(ledger.overlaps()).containsExactly(new Overlap(FILE, Set.of("a", "b")));
    }

    @Test
    void patternsMeetIfSomePathMatchesBoth() {
        assertThat(PathPattern.of("a/**").meets(PathPattern.of("a/b/**"))).isTrue();
        assertThat(PathPattern.of("a/b").meets(PathPattern.of("a/**"))).isTrue();
        assertThat(PathPattern.of("a/b").meets(PathPattern.of("a/b"))).isTrue();
        assertThat(PathPattern.of("a/**").meets(PathPattern.of("ab/**"))).isFalse();
        assertThat(PathPattern.of("a").meets(PathPattern.of("a/b"))).isFalse();
    }

    @Test
    void aWriterReportedLateCountsInTheStepsSinceItStarted() {
        start("a", 1);
        snapshot(1);
        ledger.acted("a", at(3));
        snapshot(9, change(ONE, TWO));
        start("b", 4);
        ledger.acted("b", at(5));
        snapshot(12, change(TWO, THREE));

        assertThat(ledger.changes("b"))
                .containsExactly(
                        new Attribution(FILE, By.UNKNOWN, Set.of("a", "b"), change(ONE, THREE), null, Set.of()));
    }

    @Test
    void jobsThatRanAtTheSameTimeAsAnotherAreFound() {
        Random random = new Random(7);
        for (int round = 0; round < 300; round++) {
            ChangeLedger some = new ChangeLedger();
            List<String> jobs = new ArrayList<>();
            long[][] ran = new long[random.nextInt(7)][];
            for (int i = 0; i < ran.length; i++) {
                long from = random.nextInt(30);
                ran[i] = new long[] {from, from + 1 + random.nextInt(8)};
                jobs.add("job-" + i);
                some.started("job-" + i, ran[i][0], List.of());
                some.ended("job-" + i, ran[i][1]);
            }
            Set<String> beside = new HashSet<>();
            for (int i = 0; i < ran.length; i++) {
                for (int j = 0; j < ran.length; j++) {
                    if (i != j && ran[i][0] < ran[j][1] && ran[j][0] < ran[i][1]) {
                        beside.add("job-" + i);
                    }
                }
            }
            assertThat(some.besideEachOther(jobs)).isEqualTo(beside);
        }
    }

    @Test
    void reportsOfUnknownWritersAreRejected() {
        start("a", 1);

        assertThatThrownBy(() -> start("a", 2)).hasMessage("a has started already");
        assertThatThrownBy(() -> ledger.ended("x", 1)).hasMessage("No writer x");
    }
}
