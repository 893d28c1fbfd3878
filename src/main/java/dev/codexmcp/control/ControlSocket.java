package dev.codexmcp.control;

import dev.codexmcp.job.Job;
import dev.codexmcp.job.JobListener;
import dev.codexmcp.job.JobRegistry;
import dev.codexmcp.job.JobStatus;
import dev.codexmcp.job.fleet.Fleet;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Opens the control socket once there is a job, and closes it with the server. Until then it costs nothing: everything else in
 * this package is loaded by its thread. Thread-safe.
 */
public final class ControlSocket implements JobListener, AutoCloseable {
    private final JobRegistry jobs;
    private final Fleet fleet;
    private final Map<String, String> environment;
    private final String version;
    private boolean started;
    private boolean closed;
    private @Nullable ControlServer server;

    /**
     * @param environment says where the socket is to be
     * @param version the server's version
     */
    public ControlSocket(JobRegistry jobs, Fleet fleet, Map<String, String> environment, String version) {
        this.jobs = jobs;
        this.fleet = fleet;
        this.environment = environment;
        this.version = version;
    }

    /** Waits for the first job. */
    public void openWithFirstJob() {
        jobs.listen(this);
    }

    @Override
    public void changed(Job job, JobStatus entered) {
        if (entered != JobStatus.QUEUED) {
            return;
        }
        synchronized (this) {
            if (started || closed) {
                return;
            }
            Thread thread = new Thread(this::serve, "control");
            thread.setDaemon(true);
            thread.start();
            started = true;
        }
    }

    private void serve() {
        ControlServer opened = ControlServer.open(jobs, fleet, environment, version);
        if (opened == null) {
            return;
        }
        synchronized (this) {
            if (closed) {
                opened.close();
                return;
            }
            server = opened;
        }
        opened.run();
    }

    /** Removes the socket. Its thread ends with the process. */
    @Override
    public synchronized void close() {
        closed = true;
        if (server != null) {
            server.close();
        }
    }
}
