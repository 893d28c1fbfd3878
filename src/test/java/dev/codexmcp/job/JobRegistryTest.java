package dev.codexmcp.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JobRegistryTest {
    private final JobRegistry registry = new JobRegistry();

    private static Job job(String id) {
        return new Job(id, WorkerlessJobs.SPEC, new EndSteps());
    }

    @Test
    void jobsAreFoundByIdAndListedInTheirOrder() throws Exception {
        Job one = job("one");
        Job two = job("two");
        registry.add(one);
        registry.add(two);

        assertThat(registry.find("one")).isSameAs(one);
        assertThat(registry.list()).containsExactly(one, two);
    }

    @Test
    void anUnknownJobIsAnErrorThatNamesTheId() {
        Job forgotten = job("nobody");
        registry.add(forgotten);
        registry.forget(forgotten);

        assertThatThrownBy(() -> registry.find("nobody"))
                .isInstanceOf(JobException.class)
                .extracting(e -> ((JobException) e).error())
                .isEqualTo(new JobError.UnknownJob("nobody", Optional.empty()));
        assertThat(registry.list()).isEmpty();
    }

    @Test
    void listenersAreNotifiedOfEveryChangeOfItsJobsOnly() {
        List<String> changes = new ArrayList<>();
        registry.listen((job, entered) -> {
            throw new IllegalStateException("the others must still be notified");
        });
        registry.listen((job, entered) -> changes.add(job.id() + " " + entered));
        Job one = job("one");

        registry.add(one);
        registry.changed(one, JobStatus.RUNNING);
        registry.changed(job("one"), JobStatus.RUNNING);
        registry.changed(job("two"), JobStatus.RUNNING);
        registry.changed(one, JobStatus.DONE);

        assertThat(changes).containsExactly("one QUEUED", "one RUNNING", "one DONE");
    }
}
