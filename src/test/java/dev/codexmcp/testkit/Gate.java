package dev.codexmcp.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Where models wait until a test lets them go on. A gate that is open stays open. No thread waits here but the test's own,
 * in {@link #awaitArrivals}.
 */
public final class Gate {

    private final String name;
    private final List<CompletableFuture<Void>> waiting = new ArrayList<>();
    private int arrivals;
    private boolean open;

    Gate(String name) {
        this.name = name;
    }

    /** Lets go all who wait here, and all who will come. */
    public void open() {
        List<CompletableFuture<Void>> released;
        synchronized (this) {
            open = true;
            released = List.copyOf(waiting);
            waiting.clear();
        }
        released.forEach(model -> model.complete(null));
    }

    /** How many models have come here so far. */
    public synchronized int arrivals() {
        return arrivals;
    }

    /** Waits until so many models have come here. */
    public synchronized void awaitArrivals(int expected) {
        Polling.awaitOn(
                this,
                Polling.LIMIT,
                () -> arrivals >= expected,
                () -> arrivals + " of " + expected + " models came to the gate " + name);
    }

    /** Notes that a model has come. The future is done once it may go on. */
    synchronized CompletableFuture<Void> arrive() {
        arrivals++;
        notifyAll();
        if (open) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> released = new CompletableFuture<>();
        waiting.add(released);
        return released;
    }

    /** Notes that a model has come, and opens once so many have. */
    CompletableFuture<Void> meet(int parties) {
        CompletableFuture<Void> all = arrive();
        if (arrivals() >= parties) {
            open();
        }
        return all;
    }
}
