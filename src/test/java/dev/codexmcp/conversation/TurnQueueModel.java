package dev.codexmcp.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.job.JobError;
import dev.codexmcp.job.JobException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A {@link TurnQueue} with workers that only start and end, an executor that runs tasks when a test says so, and the
 * invariants to check. Single-threaded.
 */
final class TurnQueueModel {
    /** An action of a caller, a worker or the system. */
    sealed interface Step {}

    /** Submits a turn, which starts a new conversation if {@code reset}. */
    record Send(String session, Start start, boolean reset) implements Step {}

    /** Cancels one of the waiting turns: {@code which}, modulo their number. */
    record CancelWaiting(int which) implements Step {}

    /** Cancels one of the turns with a running worker. The worker keeps running. */
    record CancelRunning(int which) implements Step {}

    /** Ends one of the running workers. */
    record End(int which, boolean well) implements Step {}

    /** Runs the executor's next task. */
    record RunTask() implements Step {}

    /** Makes the executor reject further tasks and asks each worker to exit. */
    record Shutdown() implements Step {}

    /** What happens when a turn starts. */
    enum Start {
        WORKS,
        IS_REFUSED,
        BREAKS,
        RUNS_OUT_OF_MEMORY,
        IS_CANCELLED_MEANWHILE,
        HAS_ENDED_AT_ONCE
    }

    private enum State {
        WAITING,
        LIVE,
        OVER
    }

    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final TurnQueue queue = new TurnQueue(this::execute);
    private final ConversationStore conversations = new ConversationStore(() -> 0);
    private final List<Turn> turns = new ArrayList<>();

    /** The thread that a session's next turn must continue, by session. */
    private final Map<String, String> threads = new HashMap<>();

    private boolean shutDown;

    /** A turn and its worker. */
    private final class Turn implements TurnQueue.RunningTurn<String> {
        final Send send;
        final int number = turns.size();
        final CompletableFuture<String> result = new CompletableFuture<>();
        State state = State.WAITING;

        @Nullable
        CompletableFuture<String> answer;

        boolean canceled;
        int cancelRequests;
        int answers;

        Turn(Send send) {
            this.send = send;
        }

        /** Called by the queue when this turn may start. */
        TurnQueue.RunningTurn<String> start() throws JobException {
            assertThat(state).isEqualTo(State.WAITING);
            assertThat(canceled).as("%s starts after it was canceled", this).isFalse();
            assertThat(ofSession().stream().filter(other -> other.state == State.LIVE))
                    .as("running at the same time as %s", this)
                    .isEmpty();
            assertThat(ofSession().stream()
                            .filter(other -> other.number < number && other.state == State.WAITING && !other.canceled))
                    .as("overtaken by %s", this)
                    .isEmpty();
            if (send.reset()) {
                conversations.reset(send.session());
                threads.remove(send.session());
            }
            assertThat(conversations.use(send.session()).threadId())
                    .isEqualTo(Optional.ofNullable(threads.get(send.session())));
            state = State.OVER;
            switch (send.start()) {
                case IS_REFUSED -> throw new JobException(new JobError.ShuttingDown());
                case BREAKS -> throw new IllegalStateException("broken");
                case RUNS_OUT_OF_MEMORY -> throw new OutOfMemoryError("as if");
                case WORKS -> state = State.LIVE;
                case HAS_ENDED_AT_ONCE -> {
                    state = State.LIVE;
                    end(true);
                }
                case IS_CANCELLED_MEANWHILE -> {
                    state = State.LIVE;
                    cancelAnswer();
                }
            }
            return this;
        }

        @Override
        public CompletableFuture<String> result() {
            return result;
        }

        @Override
        public void cancel() {
            cancelRequests++;
        }

        void cancelAnswer() {
            canceled = true;
            if (answer != null) {
                answer.cancel(true);
            }
        }

        void end(boolean well) {
            state = State.OVER;
            if (well) {
                threads.put(send.session(), "thread of " + number);
                conversations.turnEnded(send.session(), "thread of " + number);
                result.complete("answer " + number);
            } else {
                result.completeExceptionally(new JobException(new JobError.ShuttingDown()));
            }
        }

        private List<Turn> ofSession() {
            return turns.stream()
                    .filter(turn -> turn.send.session().equals(send.session()))
                    .toList();
        }

        @Override
        public String toString() {
            return "turn " + number + " of " + send.session();
        }
    }

    void apply(Step step) {
        if (step instanceof Send send) {
            send(send);
        } else if (step instanceof CancelWaiting cancel) {
            pick(turn -> turn.state == State.WAITING && !turn.canceled, cancel.which())
                    .ifPresent(Turn::cancelAnswer);
        } else if (step instanceof CancelRunning cancel) {
            pick(turn -> turn.state == State.LIVE, cancel.which()).ifPresent(Turn::cancelAnswer);
        } else if (step instanceof End end) {
            pick(turn -> turn.state == State.LIVE, end.which()).ifPresent(turn -> turn.end(end.well()));
        } else if (step instanceof RunTask) {
            runTask();
        } else if (step instanceof Shutdown) {
            shutDown = true;
        }
    }

    private void send(Send send) {
        Turn turn = new Turn(send);
        turns.add(turn);
        CompletableFuture<String> answer = queue.submit(send.session(), turn::start);
        turn.answer = answer;
        answer.whenComplete((text, failure) -> turn.answers++);
        if (turn.canceled) {
            answer.cancel(true); // it started before the caller had a result to cancel
        }
    }

    private Optional<Turn> pick(Predicate<Turn> condition, int which) {
        List<Turn> all = turns.stream().filter(condition).toList();
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(which % all.size()));
    }

    private void execute(Runnable task) {
        if (shutDown) {
            throw new RejectedExecutionException("shut down");
        }
        tasks.add(task);
    }

    private void runTask() {
        Runnable task = tasks.poll();
        if (task != null) {
            task.run();
        }
    }

    /** Checks the invariants that hold after every step. */
    void check() {
        for (Turn turn : turns) {
            CompletableFuture<String> answer = Objects.requireNonNull(turn.answer);
            assertThat(turn.answers).as("answers of %s", turn).isEqualTo(answer.isDone() ? 1 : 0);
            if (turn.state == State.OVER || turn.canceled) {
                assertThat(answer).as("%s", turn).isDone();
            }
            if (turn.state == State.LIVE) {
                assertThat(answer.isDone()).as("%s is answered", turn).isEqualTo(turn.canceled);
                assertThat(turn.cancelRequests).isEqualTo(turn.canceled ? 1 : 0);
            }
            if (turn.state == State.WAITING && !answer.isDone()) {
                assertThat(turn.ofSession().stream().anyMatch(other -> other.state == State.LIVE) || !tasks.isEmpty())
                        .as("what %s waits for", turn)
                        .isTrue();
            }
        }
    }

    /** Runs tasks and ends workers until there are none. */
    void endAll() {
        Optional<Turn> live = pick(turn -> turn.state == State.LIVE, 0);
        while (live.isPresent() || !tasks.isEmpty()) {
            live.ifPresent(turn -> turn.end(true));
            runTask();
            check();
            live = pick(turn -> turn.state == State.LIVE, 0);
        }
    }

    void checkNothingIsLeft() {
        assertThat(turns).allSatisfy(turn -> assertThat(turn.answers).isEqualTo(1));
        assertThat(turns)
                .filteredOn(turn -> !turn.canceled && !shutDown && turn.send.start() == Start.WORKS)
                .allSatisfy(turn -> assertThat(turn.state).isEqualTo(State.OVER));
        assertThat(queue.activeSessions()).isZero();
    }
}
