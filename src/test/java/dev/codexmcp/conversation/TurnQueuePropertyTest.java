package dev.codexmcp.conversation;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Checks the invariants of {@link TurnQueueModel} for any sequence of steps. */
class TurnQueuePropertyTest {

    @Property(tries = 2000)
    void turnsOfASessionNeverOverlap(@ForAll("steps") List<TurnQueueModel.Step> steps) {
        TurnQueueModel model = new TurnQueueModel();

        for (TurnQueueModel.Step step : steps) {
            model.apply(step);
            model.check();
        }

        model.endAll();
        model.checkNothingIsLeft();
    }

    @Provide
    Arbitrary<List<TurnQueueModel.Step>> steps() {
        Arbitrary<Integer> turn = Arbitraries.integers().between(0, 19);
        Arbitrary<TurnQueueModel.Step> send = Combinators.combine(
                        Arbitraries.of("a", "b", "c"),
                        Arbitraries.frequency(
                                Tuple.of(6, TurnQueueModel.Start.WORKS),
                                Tuple.of(1, TurnQueueModel.Start.IS_REFUSED),
                                Tuple.of(1, TurnQueueModel.Start.BREAKS),
                                Tuple.of(1, TurnQueueModel.Start.RUNS_OUT_OF_MEMORY),
                                Tuple.of(1, TurnQueueModel.Start.IS_CANCELLED_MEANWHILE),
                                Tuple.of(1, TurnQueueModel.Start.HAS_ENDED_AT_ONCE)),
                        Arbitraries.frequency(Tuple.of(4, false), Tuple.of(1, true)))
                .as(TurnQueueModel.Send::new);
        return Arbitraries.frequencyOf(
                        Tuple.of(8, send),
                        Tuple.of(4, turn.map(TurnQueueModel.CancelWaiting::new)),
                        Tuple.of(3, turn.map(TurnQueueModel.CancelRunning::new)),
                        Tuple.of(
                                6,
                                Combinators.combine(turn, Arbitraries.of(true, false))
                                        .as(TurnQueueModel.End::new)),
                        Tuple.of(6, Arbitraries.just(new TurnQueueModel.RunTask())),
                        Tuple.of(1, Arbitraries.just(new TurnQueueModel.Shutdown())))
                .list()
                .ofMaxSize(60);
    }
}
