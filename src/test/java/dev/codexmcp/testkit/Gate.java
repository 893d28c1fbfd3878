package dev.codexmcp.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Holds up models until a test opens it; from then on it stays open. No thread waits here except the test's own, in {@link
 * #awaitArrivals}.
 */
public final class Gate {

    private final String name;
    private final List<CompletableFuture<Void>> waiting = new ArrayList<>();
    private int arrivals;
    private boolean open;

    Gate(String name) {
        this.name = name;
    }

    /** Lets all models pass, now and later. */
    public void open() {
        List<CompletableFuture<Void>> released;
        synchronized (this) {
            open = true;
            released = List.copyOf(waiting);
            waiting.clear();
        }
        released.forEach(model -> model.complete(null));
    }

    /** How many models have arrived so far. */
    public synchronized int arrivals() {
        return arrivals;
    }

    /** Waits until this many models have arrived. */
    public synchronized void awaitArrivals(int expected) {
        Polling.awaitOn(
                this,
                Polling.LIMIT,
                () -> arrivals >= expected,
                () -> arrivals + " of " + expected + " models arrived at the gate " + name);
    }

    /** Records the arrival of a model. The future completes once it may go on. */
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

    /** Records the arrival of a model, and opens once this many have arrived. */
    CompletableFuture<Void> meet(int parties) {
        CompletableFuture<Void> all = arrive();
        if (arrivals() >= parties) {
            open();
        }
        return all;
    }
}
