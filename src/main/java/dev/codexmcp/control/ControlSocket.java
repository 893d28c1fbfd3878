package dev.codexmcp.control;

import dev.codexmcp.job.Job;
import dev.codexmcp.job.JobListener;
import dev.codexmcp.job.JobStatus;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Opens the control socket with the first job, and closes it with the server. Costs nothing before: the rest of this package is loaded by the socket's thread. Thread-safe.
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
     * @param environment determines where the socket is
     * @param version the server's version
     */
    public ControlSocket(Map<String, String> environment, String version) {
        this.environment = environment;
        this.version = version;
    }

    /** Opens the socket with the first job. */
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

    /** Removes the socket, even one that is being opened. Its thread ends with the process. */
    @Override
    public synchronized void close() {
        closed = true;
        try {
            // Bounded: the next server would remove a file that is left.
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
