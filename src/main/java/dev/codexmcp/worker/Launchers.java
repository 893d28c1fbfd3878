package dev.codexmcp.worker;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Several launchers, among which each worker's {@link WorkerPlace} chooses. Thread-safe. */
public final class Launchers implements WorkerLauncher {
    private final WorkerLauncher local;
    private final String defaultName;
    private final Map<String, WorkerLauncher> byName;

    /**
     * @param local rehearses, whatever the default is
     * @param byName all that may be chosen, the default among them
     */
    public Launchers(WorkerLauncher local, String defaultName, Map<String, WorkerLauncher> byName) {
        if (!byName.containsKey(defaultName)) {
            throw new IllegalArgumentException("no launcher \"" + defaultName + "\" among " + byName.keySet());
        }
        this.local = local;
        this.defaultName = defaultName;
        this.byName = new LinkedHashMap<>(byName);
    }

    private WorkerLauncher at(WorkerPlace place) {
        return at(place.launcher());
    }

    private WorkerLauncher at(Optional<String> chosen) {
        String name = chosen.orElse(defaultName);
        WorkerLauncher launcher = name.isEmpty() ? local : byName.get(name);
        if (launcher == null) {
            throw new IllegalArgumentException("no launcher \"" + name + "\" among " + byName.keySet());
        }
        return launcher;
    }

    @Override
    public void prepare() throws StartException {
        local.prepare();
    }

    @Override
    public List<String> names() {
        return List.copyOf(byName.keySet());
    }

    @Override
    public boolean runsHere(Optional<String> name) {
        return at(name).equals(local);
    }

    @Override
    public Cookie cookie(String name, WorkerPlace place) {
        return at(place).cookie(name, place);
    }

    @Override
    public Worker start(WorkerCommand command, OutputSink stdout, OutputSink stderr, WorkerListener listener)
            throws StartException {
        return at(command.place()).start(command, stdout, stderr, listener);
    }

    @Override
    public Worker rehearse(WorkerCommand command, OutputSink stdout, OutputSink stderr, Consumer<ExitStatus> onEnd)
            throws StartException {
        return local.rehearse(command, stdout, stderr, onEnd);
    }

    @Override
    public void close() {
        RuntimeException failure = null;
        for (WorkerLauncher launcher : byName.values()) {
            try {
                launcher.close();
            } catch (RuntimeException e) {
                failure = e;
            }
        }
        if (!byName.containsValue(local)) {
            local.close();
        }
        if (failure != null) {
            throw failure;
        }
    }
}
