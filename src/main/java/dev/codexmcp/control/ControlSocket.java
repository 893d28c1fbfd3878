package dev.codexmcp.control;

import dev.codexmcp.job.Job;
import dev.codexmcp.job.JobListener;
import dev.codexmcp.job.JobStatus;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Opens the control socket once there is a job, and closes it with the server. Until then it costs nothing: everything else in
 * this package is loaded by its thread. Thread-safe.
 */
public final class ControlSocket implements JobListener, AutoCloseable {
    private final Map<String, String> environment;
    private final String version;
    private @Nullable Sources sources;
    private boolean started;
    private boolean closed;
    private @Nullable ControlServer server;

    /**
     * @param environment says where the socket is to be
     * @param version the server's version
     */
    public ControlSocket(Map<String, String> environment, String version) {
        this.environment = environment;
        this.version = version;
    }

    /** Opens the socket once there is a job. */
    public void openWithFirstJob(Sources shown) {
        synchronized (this) {
            sources = shown;
        }
        shown.jobs().listen(this);
    }

    @Override
    public void changed(Job job, JobStatus entered) {
        if (entered != JobStatus.QUEUED) {
            return;
        }
        synchronized (this) {
            Sources shown = sources;
            if (started || closed || shown == null) {
                return;
            }
            Thread thread = new Thread(() -> serve(shown), "control");
            thread.setDaemon(true);
            thread.start();
            started = true;
        }
    }

    private void serve(Sources shown) {
        ControlServer opened = ControlServer.open(shown, environment, version);
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
