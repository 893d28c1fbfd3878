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
 * The requests that are not answered yet. To the SDK's session each goes by a number of ours, so that the client may use
 * whatever ids it likes, the same one twice included. A request leaves here once: by its answer, or by being cancelled.
 */
public final class PendingRequests {
    private final AtomicLong numbers = new AtomicLong();
    private final Map<Long, Pending> pending = new ConcurrentHashMap<>();

    /**
     * One request.
     *
     * @param id the client's
     * @param rawId the same as it stood in the line, for its answer
     * @param work disposing of it ends the handling, once that has begun
     */
    private record Pending(JsonNode id, String rawId, Disposable.Swap work) {
        Pending {
            Objects.requireNonNull(id);
            Objects.requireNonNull(rawId);
            Objects.requireNonNull(work);
        }
    }

    /** Takes a request in, and gives it its number. */
    public long add(JsonNode id, String rawId) {
        long number = numbers.incrementAndGet();
        pending.put(number, new Pending(id, rawId, Disposables.swap()));
        return number;
    }

    /** Notes how the handling of a request can be ended; if it has been cancelled meanwhile, ends it. */
    public void setWork(long number, Disposable work) {
        Pending request = pending.get(number);
        if (request == null) {
            work.dispose();
        } else {
            request.work().update(work);
        }
    }

    /** Takes a request out that is about to be answered. Returns its id; null if it has been cancelled, or answered before. */
    @Nullable
    public String remove(long number) {
        Pending request = pending.remove(number);
        return request == null ? null : request.rawId();
    }

    /** Does something, unless the request has been answered or cancelled; and that does not happen meanwhile. */
    public void ifPending(long number, Runnable action) {
        pending.computeIfPresent(number, (key, request) -> {
            action.run();
            return request;
        });
    }

    /** Ends the request of this id, and lets nothing be answered to it. */
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
