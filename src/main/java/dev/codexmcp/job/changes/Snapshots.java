package dev.codexmcp.job.changes;

import dev.codexmcp.git.SnapshotStore;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Opens the store of snapshots on first use: nothing is written before. Thread-safe. */
final class Snapshots implements AutoCloseable {
    private final ChangeSettings settings;
    private final Consumer<SnapshotStore> onOpen;
    private volatile Supplier<Map<String, String>> mark = Map::of;
    private @Nullable SnapshotStore store;
    private boolean closed;

    /** @param onOpen called when the store has been opened; must not block */
    Snapshots(ChangeSettings settings, Consumer<SnapshotStore> onOpen) {
        this.settings = settings;
        this.onOpen = onOpen;
    }

    /** Sets the variables by which git's processes are known as this server's. */
    void mark(Supplier<Map<String, String>> variables) {
        mark = variables;
    }

    /** Why no snapshots of writers' trees are taken; empty if they are. */
    Optional<String> off() {
        return settings.off();
    }

    /** The store, opened if necessary. */
    synchronized SnapshotStore store() throws IOException {
        if (closed) {
            throw new IOException("The server is shutting down.");
        }
        SnapshotStore open = store;
        if (open == null) {
            Map<String, String> environment = new HashMap<>(settings.environment());
            environment.putAll(mark.get());
            open = SnapshotStore.open(environment, settings.state());
            store = open;
            onOpen.accept(open);
        }
        return open;
    }

    /** Deletes what killed servers have left of their snapshots, if any are taken. */
    void cleanUp() throws IOException {
        if (settings.off().isEmpty()) {
            SnapshotStore.clean(settings.state());
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (store != null) {
            store.close();
        }
    }
}
