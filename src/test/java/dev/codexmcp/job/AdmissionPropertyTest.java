package dev.codexmcp.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.codex.Sandbox;
import dev.codexmcp.job.AdmissionModel.Member;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * In any order of spawns, starts, ends, cancels, interruptions, replacements, holds, used-up tokens and the shutdown: jobs
 * start by priority and then first come, first served; those that can't start hold up no others; no permit is lost or taken
 * twice; and no job is left behind.
 */
class AdmissionPropertyTest {
    private static final SchedulerConfig CONFIG =
            new SchedulerConfig(3, 2, 2, 8, OptionalLong.empty(), Scheduling.NONE);

    private enum Step {
        SPAWN,
        SPAWN_WRITER,
        SPAWN_DEPENDENT,
        SPAWN_NOW,
        START_NEXT,
        START_NEXT_REFUSED,
        END_WELL,
        END_BADLY,
        CANCEL,
        INTERRUPT,
        SUCCEED,
        SUCCEED_BY_NOBODY,
        REPLACE,
        HOLD,
        TOKENS,
        CLOSE
    }

    /** @param random chooses the job that the step is about, and its priority */
    private record Move(Step step, int random) {}

    @Property(tries = 3000)
    void decidesAsTheRulesSay(
            @ForAll @Size(max = 70) List<Step> steps, @ForAll @Size(70) List<@IntRange(max = 5000) Integer> randoms)
            throws Exception {
        World world = new World();
        for (int i = 0; i < steps.size(); i++) {
            world.take(new Move(steps.get(i), randoms.get(i)));
            world.check();
        }
        world.finish();
    }

    private static final class World {
        private final JobRegistry registry = new JobRegistry();
        private final AdmissionModel model = new AdmissionModel(CONFIG);
        private final Admission admission = new Admission(CONFIG, registry, new Admission.Limit() {
            @Override
            public long heldMillis() {
                return model.held ? 1000 : 0;
            }

            @Override
            public boolean tokensUsedUp() {
                return model.tokensUsedUp;
            }
        });
        private int made;

        void take(Move move) throws InterruptedException {
            int random = move.random();
            switch (move.step()) {
                case SPAWN -> spawn(true, true, List.of(), random, null);
                case SPAWN_WRITER -> spawn(true, false, List.of(), random, null);
                case SPAWN_NOW -> spawn(false, random % 2 == 0, List.of(), random, null);
                case SPAWN_DEPENDENT -> {
                    List<Member> dependencies = new ArrayList<>();
                    any(random, member -> true).ifPresent(dependencies::add);
                    any(random / 7, member -> !dependencies.contains(member)).ifPresent(dependencies::add);
                    spawn(true, random % 2 == 0, dependencies, random, null);
                }
                case START_NEXT -> next(true);
                case START_NEXT_REFUSED -> next(false);
                case END_WELL -> any(random, World::runs).ifPresent(member -> exit(member, true));
                case END_BADLY -> any(random, World::runs).ifPresent(member -> exit(member, false));
                case CANCEL -> any(random, member -> !member.ended).ifPresent(this::cancel);
                case INTERRUPT -> any(random, member -> true).ifPresent(member -> interrupt(member, random % 2 == 0));
                case SUCCEED ->
                    any(random, member -> member.awaiting)
                            .ifPresent(old ->
                                    succeed(old, spawn(random % 3 > 0, random % 2 == 0, List.of(), random, old)));
                case SUCCEED_BY_NOBODY -> any(random, member -> member.awaiting).ifPresent(old -> succeed(old, null));
                case REPLACE -> any(random, member -> true).ifPresent(this::replace);
                case HOLD -> model.held = !model.held;
                case TOKENS -> model.tokensUsedUp = random % 4 == 0;
                case CLOSE -> {
                    if (random % 8 == 0) {
                        close();
                    }
                }
            }
        }

        private static boolean runs(Member member) {
            return member.holds && !member.ended;
        }

        private Optional<Member> any(int random, Predicate<Member> which) {
            List<Member> all = model.members.stream().filter(which).toList();
            return all.isEmpty() ? Optional.empty() : Optional.of(all.get(random % all.size()));
        }

        private static JobSpec spec(boolean reader, Scheduling scheduling) {
            JobSpec any = WorkerlessJobs.SPEC;
            Sandbox sandbox = reader ? Sandbox.READ_ONLY : Sandbox.WORKSPACE_WRITE;
            return new JobSpec(any.command(), any.options(), sandbox, Optional.empty(), any.environment())
                    .with(scheduling);
        }

        private @Nullable Member spawn(
                boolean queue, boolean reader, List<Member> dependencies, int random, @Nullable Member predecessor) {
            Scheduling scheduling = new Scheduling(
                    queue,
                    random % 3,
                    dependencies.stream().map(member -> member.job.id()).toList(),
                    Limits.NONE);
            Job job = new Job("job-" + made, spec(reader, scheduling), new EndSteps(admission::ended));
            Member member = new Member(job, made++, scheduling, reader);
            Optional<Boolean> expected = model.admit(member, dependencies, predecessor);
            Optional<Boolean> admitted;
            try {
                admitted = Optional.of(admission.admit(
                        job,
                        dependencies.stream().map(each -> each.job).toList(),
                        predecessor == null ? null : predecessor.job));
            } catch (JobException e) {
                admitted = Optional.empty();
            }
            assertThat(admitted).isEqualTo(expected);
            if (admitted.orElse(false)) {
                start(member);
            }
            return admitted.isPresent() ? member : null;
        }

        private static void start(Member member) {
            if (member.job.starting("/bin/codex", 1)) {
                member.job.started(force -> {}, 1);
            }
        }

        private void exit(Member member, boolean done) {
            if (done) {
                WorkerlessJobs.say(member.job, "{\"type\":\"turn.completed\"}\n");
            }
            member.job.exited(done ? WorkerlessJobs.EXIT_0 : WorkerlessJobs.SIGTERM);
            model.ended(member, done);
        }

        /** A running job has ended; its worker has not noticed before. */
        private void cancel(Member member) {
            boolean queued = member.queued;
            member.job.cancel(false);
            if (queued) {
                model.ended(member, false);
            } else {
                exit(member, false);
            }
        }

        private void interrupt(Member member, boolean endsAtOnce) {
            boolean first = !member.interrupted && !member.ended;
            assertThat(admission.interrupted(member.job)).isEqualTo(first);
            if (!first) {
                return;
            }
            member.interrupted = true;
            member.awaiting = true;
            if (member.queued || endsAtOnce) {
                cancel(member);
            } else {
                member.job.cancel(false);
            }
        }

        private void succeed(Member old, @Nullable Member heir) {
            admission.succeeded(old.job, heir == null ? null : heir.job);
            model.succeeded(old, heir);
        }

        private void replace(Member member) {
            boolean replaced = admission.replace(
                    member.job, spec(!member.reader, member.job.spec().scheduling()));
            assertThat(replaced).isEqualTo(member.queued);
            member.reader ^= replaced;
        }

        private boolean next(boolean starts) throws InterruptedException {
            Optional<AdmissionModel.Next> expected = model.next();
            if (expected.isEmpty()) {
                return false;
            }
            Admission.Next next = Objects.requireNonNull(admission.next());
            Member member = expected.get().member();
            assertThat(next.job()).isSameAs(member.job);
            assertThat(next.ending()).isEqualTo(expected.get().ending());
            member.queued = false;
            if (next.ending().isPresent()) {
                member.job.askToEnd(next.ending().get(), false);
                model.ended(member, false);
                return true;
            }
            member.holds = true;
            if (starts) {
                start(member);
            } else {
                member.job.startFailed(new IllegalStateException("no start"));
                model.ended(member, false);
            }
            return true;
        }

        private void close() throws InterruptedException {
            assertThat(admission.close()).isEqualTo(!model.members.isEmpty());
            model.closed = true;
            assertThat(admission.next()).isNull();
            admission.alive().forEach(job -> job.askToEnd(EndCause.SHUTDOWN, false));
            for (Member member : List.copyOf(model.members)) {
                if (!member.ended && member.job.ended()) {
                    model.ended(member, false);
                }
            }
            model.members.stream().filter(World::runs).forEach(member -> exit(member, false));
        }

        void check() {
            assertThat(admission.permitsTaken()).isEqualTo(model.holders());
            for (Member member : model.members) {
                assertThat(member.job.ended()).isEqualTo(member.ended);
                assertThat(admission.waitsFor(member.job).isPresent()).isEqualTo(member.queued);
            }
        }

        /** Lets everything come to its end. */
        void finish() throws InterruptedException {
            model.held = false;
            model.tokensUsedUp = false;
            for (Member member : List.copyOf(model.members)) {
                if (member.awaiting) {
                    succeed(member, null);
                }
            }
            boolean more = true;
            while (more) {
                List<Member> running =
                        model.members.stream().filter(World::runs).toList();
                running.forEach(member -> exit(member, true));
                more = next(true) || !running.isEmpty();
                check();
            }
            assertThat(admission.permitsTaken()).isZero();
            assertThat(admission.alive()).isEmpty();
            assertThat(model.members).allMatch(member -> member.job.ended());
        }
    }
}
