package dev.codexmcp.control;

import dev.codexmcp.job.Job;
import dev.codexmcp.job.JobListener;
import dev.codexmcp.job.JobStatus;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Opens the control socket once there is a job, and closes it with the server. Until then it costs nothing: everything else in
 * this package is loaded by its thread. Thread-safe.
 */
public final class ControlSocket implements JobListener, AutoCloseable {
    private static final long OPENING_MILLIS = 1000;

    private final Map<String, String> environment;
    private final String version;
    private @Nullable Sources sources;
    private boolean started;
    private boolean opening;
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
            opening = true;
        }
    }

    private void serve(Sources shown) {
        ControlServer opened = null;
        try {
            opened = ControlServer.open(shown, environment, version);
        } finally {
            opened(opened);
        }
        if (opened != null) {
            opened.run();
        }
    }

    private synchronized void opened(@Nullable ControlServer opened) {
        server = opened;
        opening = false;
        notifyAll();
        if (closed) {
            close();
        }
    }

    /** Removes the socket, also one that is being opened. Its thread ends with the process. */
    @Override
    public synchronized void close() {
        closed = true;
        try {
            // Not for ever: ending is more urgent than a file that the next server would remove.
            long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(OPENING_MILLIS);
            long left = OPENING_MILLIS;
            while (opening && left > 0) {
                wait(left);
                left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (server != null) {
            server.close();
        }
    }
}
