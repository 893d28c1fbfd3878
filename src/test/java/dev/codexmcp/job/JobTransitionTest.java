package dev.codexmcp.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.codexmcp.codex.event.Failure;
import dev.codexmcp.worker.WorkerEnd;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The legal and illegal transitions of a job. */
class JobTransitionTest {
    /** What can happen to a job. */
    private enum Action {
        STARTING {
            @Override
            void apply(Job job) {
                job.starting("/bin/codex", 1);
            }
        },
        SUBMITTING {
            @Override
            void apply(Job job) {
                job.submitting("/bin/codex");
            }
        },
        RUNS {
            @Override
            void apply(Job job) {
                job.runsOn(Optional.of("node1"), 2);
            }
        },
        LOST {
            @Override
            void apply(Job job) {
                job.endedElsewhere(new WorkerEnd.Lost("the node failed"));
            }
        },
        STARTED {
            @Override
            void apply(Job job) {
                job.started(force -> {}, 1);
            }
        },
        EXIT_0 {
            @Override
            void apply(Job job) {
                job.exited(WorkerlessJobs.EXIT_0);
            }
        },
        EXIT_1 {
            @Override
            void apply(Job job) {
                job.exited(WorkerlessJobs.EXIT_1);
            }
        },
        REQUEUE {
            @Override
            void apply(Job job) {
                job.requeue(Failure.of("rate limit exceeded: later", Clock.systemUTC()));
            }
        },
        START_FAILED {
            @Override
            void apply(Job job) {
                job.startFailed(new IllegalStateException("why"));
            }
        },
        CANCEL {
            @Override
            void apply(Job job) {
                job.cancel(false);
            }
        },
        SHUT_DOWN {
            @Override
            void apply(Job job) {
                job.askToEnd(EndCause.SHUTDOWN, true);
            }
        },
        INTERRUPT {
            @Override
            void apply(Job job) {
                job.toBeSucceeded();
                job.cancel(false);
            }
        };

        abstract void apply(Job job);
    }

    private static Job in(JobStatus status) {
        Job job = WorkerlessJobs.queued();
        switch (status) {
            case QUEUED -> {}
            case SUBMITTED -> job.submitting("/bin/codex");
            case STARTING -> job.starting("/bin/codex", 1);
            case RUNNING, DONE, FAILED -> {
                job.starting("/bin/codex", 1);
                job.started(force -> {}, 1);
                if (status.ended()) {
                    job.exited(status == JobStatus.DONE ? WorkerlessJobs.EXIT_0 : WorkerlessJobs.EXIT_1);
                }
            }
            case CANCELED -> job.cancel(false);
        }
        assertThat(job.status()).isEqualTo(status);
        return job;
    }

    @ParameterizedTest
    @CsvSource({
        // action,     queued,    submitted, starting, running, done,    failed, canceled
        "STARTING,     STARTING,  illegal,   illegal,  illegal, illegal, illegal, -",
        "SUBMITTING,   SUBMITTED, illegal,   illegal,  illegal, illegal, illegal, -",
        "STARTED,      illegal,   -,         RUNNING,  illegal, -,       -,       -",
        "RUNS,         -,         RUNNING,   -,        -,       -,       -,       -",
        "EXIT_0,       illegal,   DONE,      DONE,     DONE,    -,       -,       -",
        "EXIT_1,       FAILED,    FAILED,    FAILED,   FAILED,  -,       -,       -",
        "REQUEUE,      illegal,   illegal,   QUEUED,   QUEUED,  -,       -,       -",
        "START_FAILED, FAILED,    FAILED,    FAILED,   FAILED,  -,       -,       -",
        "LOST,         FAILED,    FAILED,    FAILED,   FAILED,  -,       -,       -",
        "CANCEL,       CANCELED,  -,         -,        -,       -,       -,       -",
        "SHUT_DOWN,    CANCELED,  -,         -,        -,       -,       -,       -",
        "INTERRUPT,    CANCELED,  -,         -,        -,       -,       -,       -",
    })
    void aJobChangesStateAsDrawn(
            Action action,
            String queued,
            String submitted,
            String starting,
            String running,
            String done,
            String failed,
            String canceled) {
        List<String> expected = List.of(queued, submitted, starting, running, done, failed, canceled);
        for (JobStatus from : JobStatus.values()) {
            Job job = in(from);
            String next = expected.get(from.ordinal());
            if (next.equals("illegal")) {
                assertThatThrownBy(() -> action.apply(job))
                        .as("%s of a job that is %s", action, from)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining(from.name());
                assertThat(job.status()).isEqualTo(from);
            } else {
                action.apply(job);
                assertThat(job.status())
                        .as("%s of a job that is %s", action, from)
                        .isEqualTo(next.equals("-") ? from : JobStatus.valueOf(next));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void theSuccessorsOfAStateAreThoseOfTheTable(JobStatus from) {
        List<String> next = new ArrayList<>();
        for (JobStatus to : JobStatus.values()) {
            if (from.canBecome(to)) {
                next.add(to.name().toLowerCase(Locale.ROOT));
            }
        }

        assertThat(next)
                .isEqualTo(
                        switch (from) {
                            case QUEUED -> List.of("submitted", "starting", "failed", "canceled");
                            case SUBMITTED -> List.of("running", "done", "failed", "canceled");
                            case STARTING -> List.of("queued", "running", "done", "failed", "canceled");
                            case RUNNING -> List.of("queued", "done", "failed", "canceled");
                            case DONE, FAILED, CANCELED -> List.of();
                        });
    }

    @Test
    void aWorkerAskedToEndDuringItsStartIsEndedOnceStarted() {
        for (boolean force : new boolean[] {false, true}) {
            Job job = in(JobStatus.STARTING);
            List<Boolean> asked = new ArrayList<>();
            assertThat(job.cancel(force)).isTrue();

            assertThat(job.started(asked::add, 1)).isTrue();

            assertThat(asked).containsExactly(force);
            job.exited(WorkerlessJobs.SIGTERM);
            assertThat(job.snapshot().cause()).contains(EndCause.CANCELED);
        }
    }

    @Test
    void theFirstRequestToEndIsTheCause() {
        Job job = WorkerlessJobs.running();
        job.askToEnd(EndCause.SHUTDOWN, false);
        job.cancel(true);
        job.exited(WorkerlessJobs.SIGTERM);

        assertThat(job.snapshot().cause()).contains(EndCause.SHUTDOWN);
        assertThat(job.snapshot().status()).isEqualTo(JobStatus.CANCELED);
    }

    @Test
    void aQueuedJobThatIsCanceledIsNeverStarted() {
        Job job = in(JobStatus.CANCELED);

        assertThat(job.starting("/bin/codex", 1)).isFalse();
        assertThat(job.snapshot().startedAt()).isEmpty();
        assertThat(job.snapshot().exit()).isEmpty();
        assertThat(job.snapshot().cause()).contains(EndCause.CANCELED);
        assertThat(ShellJobs.ends(job)).isEqualTo("1 and done");
    }

    @Test
    void nothingChangesAfterTheEnd() {
        Job job = WorkerlessJobs.running();
        job.exited(WorkerlessJobs.EXIT_1);
        JobSnapshot before = job.snapshot();
        WorkerlessJobs.say(job, "{\"type\":\"turn.completed\"}\n");

        assertThat(job.cancel(true)).isFalse();
        assertThat(job.toBeSucceeded()).isFalse();
        job.exited(WorkerlessJobs.EXIT_0);
        job.startFailed(new IllegalStateException("why"));
        assertThat(job.snapshot()).isEqualTo(before);
        assertThat(before.status()).isEqualTo(JobStatus.FAILED);
    }

    @Test
    void listenersAreNotifiedOnceInOrder() {
        Job job = WorkerlessJobs.running();
        List<String> notified = new ArrayList<>();
        Runnable gone = () -> notified.add("gone");
        assertThat(job.onEnd(() -> notified.add("first"))).isTrue();
        assertThat(job.onEnd(gone)).isTrue();
        assertThat(job.onEnd(() -> notified.add("second"))).isTrue();
        job.removeListener(gone);

        job.exited(WorkerlessJobs.EXIT_0);
        job.notifyListeners();

        assertThat(notified).containsExactly("first", "second");
        assertThat(job.onEnd(() -> notified.add("late"))).isFalse();
        assertThat(notified).hasSize(2);
    }

    @Test
    void onlyTheFirstInterruptProvidesTheSuccessorAndAllReportItsId() {
        Job job = WorkerlessJobs.running();
        assertThat(job.successor()).isEmpty();

        assertThat(job.toBeSucceeded()).isTrue();
        assertThat(job.toBeSucceeded()).isFalse();
        CompletableFuture<Optional<String>> successor = job.successor().orElseThrow();
        assertThat(successor).isNotDone();
        job.exited(WorkerlessJobs.SIGTERM);
        assertThat(job.toBeSucceeded()).isFalse();
        job.succession().complete(Optional.of("next"));
        job.succession().complete(Optional.empty());

        assertThat(successor).isCompletedWithValue(Optional.of("next"));
    }
}
