package dev.codexmcp.mcp.jsonrpc;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;

/**
 * The requests that have not been answered yet. The SDK's session knows each by a number of ours, so the client may use
 * any ids, even the same one twice. A request is removed once: when it is answered or cancelled.
 */
public final class PendingRequests {
    private final AtomicLong numbers = new AtomicLong();
    private final Map<Long, Pending> pending = new ConcurrentHashMap<>();

    /**
     * One request.
     *
     * @param id the client's
     * @param address how to answer it
     * @param work disposing of it cancels the handling, once that has started
     */
    private record Pending(JsonNode id, ResponseAddress address, Disposable.Swap work) {
        Pending {
            Objects.requireNonNull(id);
            Objects.requireNonNull(address);
            Objects.requireNonNull(work);
        }
    }

    /** Adds a request and returns its number. */
    public long add(JsonNode id, ResponseAddress address) {
        long number = numbers.incrementAndGet();
        pending.put(number, new Pending(id, address, Disposables.swap()));
        return number;
    }

    /** Sets how to cancel the handling of a request; if the request has been cancelled meanwhile, cancels it. */
    public void setWork(long number, Disposable work) {
        Pending request = pending.get(number);
        if (request == null) {
            work.dispose();
        } else {
            request.work().update(work);
        }
    }

    /**
     * Removes a request that is about to be answered. Returns how to answer it; null if it has been cancelled or answered
     * already.
     */
    @Nullable
    public ResponseAddress remove(long number) {
        Pending request = pending.remove(number);
        return request == null ? null : request.address();
    }

    /** Runs the action unless the request has been answered or cancelled; neither can happen meanwhile. */
    public void ifPending(long number, Runnable action) {
        pending.computeIfPresent(number, (key, request) -> {
            action.run();
            return request;
        });
    }

    /** Cancels the request with this id; it gets no response. */
    public void cancel(JsonNode id) {
        pending.forEach((number, request) -> {
            if (request.id().equals(id) && pending.remove(number) != null) {
                request.work().dispose();
            }
        });
    }

    int size() {
        return pending.size();
    }
}
