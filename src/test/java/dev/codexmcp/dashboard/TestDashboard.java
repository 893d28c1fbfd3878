package dev.codexmcp.dashboard;

import dev.codexmcp.cli.fleet.LiveFleet;
import dev.codexmcp.control.ControlSocket;
import dev.codexmcp.control.Sources;
import dev.codexmcp.job.FakeFleet;
import dev.codexmcp.job.JobTimer;
import dev.codexmcp.job.fleet.Fleet;
import dev.codexmcp.testkit.Polling;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/** A dashboard over jobs without processes, which reach it by a control socket. */
final class TestDashboard implements AutoCloseable {
    final FakeFleet jobs = new FakeFleet();
    private final ScheduledThreadPoolExecutor timer = JobTimer.create();
    private final ControlSocket control;
    private final LiveFleet fleet;
    private final Dashboard dashboard;

    TestDashboard(Path folder) throws IOException, InterruptedException {
        Map<String, String> environment = Map.of("XDG_RUNTIME_DIR", folder.toString());
        control = new ControlSocket(environment, "1.2.3");
        Fleet overview = new Fleet(jobs.registry(), timer, job -> Optional.empty(), Set::of);
        control.openWithFirstJob(new Sources(jobs.registry(), overview, jobs.changes(), List::of));
        fleet = LiveFleet.open(environment, Duration.ofMillis(50), Duration.ofSeconds(30));
        dashboard = Dashboard.start(fleet, 0);
    }

    String url() {
        return dashboard.url();
    }

    String token() {
        return url().substring(url().indexOf('=') + 1);
    }

    /** Without path and token. */
    URI origin() {
        return URI.create(url().substring(0, url().indexOf("/#")));
    }

    /** Waits until the dashboard knows this many jobs. */
    void awaitJobs(int count) {
        Polling.until(count + " jobs", () -> fleet.jobs().size() == count);
    }

    @Override
    public void close() {
        dashboard.close();
        fleet.close();
        control.close();
        timer.shutdownNow();
    }
}
