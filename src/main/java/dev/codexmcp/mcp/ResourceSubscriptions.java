package dev.codexmcp.mcp;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.codexmcp.job.Job;
import dev.codexmcp.job.JobListener;
import dev.codexmcp.job.JobRegistry;
import dev.codexmcp.job.JobStatus;
import dev.codexmcp.json.Json;
import dev.codexmcp.json.Utf8Buffer;
import dev.codexmcp.mcp.stdio.LineWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Notifies clients once, when a job ends, that its resources have their final content. Listens to jobs only from the first subscription on. Thread-safe: {@code this} guards everything; sending never blocks.
 */
final class ResourceSubscriptions implements JobListener {
    /**
     * One subscription to one resource.
     *
     * @param uri as the client wrote it
     * @param stream the id, as written, of the request that listens; empty for a client with a handshake
     */
    private record Subscription(String uri, Optional<String> stream) {}

    private final JobRegistry jobs;
    private final LineWriter writer;
    private final Map<Job, Set<Subscription>> subscriptions = new HashMap<>();
    private boolean listening;

    ResourceSubscriptions(JobRegistry jobs, LineWriter writer) {
        this.jobs = jobs;
        this.writer = writer;
    }

    /** The request {@code resources/subscribe}. */
    void subscribe(Job job, String uri) {
        add(job, new Subscription(uri, Optional.empty()));
    }

    /** The request {@code resources/unsubscribe}. */
    synchronized void unsubscribe(String uri) {
        remove(subscription ->
                subscription.stream().isEmpty() && subscription.uri().equals(uri));
    }

    /**
     * The request {@code subscriptions/listen}: acknowledges what there is, then listens until {@link #stop} is called.
     *
     * @param stream the id of the request, as written
     * @param found the job of each URI that names a resource
     */
    void listen(String stream, Map<String, Job> found) {
        send("notifications/subscriptions/acknowledged", Optional.of(stream), json -> {
            json.writeObjectFieldStart("notifications");
            if (!found.isEmpty()) {
                json.writeArrayFieldStart("resourceSubscriptions");
                for (String uri : found.keySet()) {
                    json.writeString(Json.wellFormed(uri));
                }
                json.writeEndArray();
            }
            json.writeEndObject();
        });
        found.forEach((uri, job) -> add(job, new Subscription(uri, Optional.of(stream))));
    }

    /** The client has cancelled the request that listens. */
    synchronized void stop(String stream) {
        remove(subscription -> subscription.stream().equals(Optional.of(stream)));
    }

    private void remove(Predicate<Subscription> unwanted) {
        subscriptions.values().forEach(each -> each.removeIf(unwanted));
        subscriptions.values().removeIf(Set::isEmpty);
    }

    private void add(Job job, Subscription subscription) {
        synchronized (this) {
            if (!listening) {
                listening = true;
                jobs.listen(this);
            }
            subscriptions.computeIfAbsent(job, each -> new LinkedHashSet<>()).add(subscription);
        }
        if (job.ended()) {
            update(job); // perhaps before the subscription was there
        }
    }

    @Override
    public void changed(Job job, JobStatus entered) {
        if (entered.ended()) {
            update(job);
        }
    }

    private void update(Job job) {
        List<Subscription> due;
        synchronized (this) {
            Set<Subscription> all = subscriptions.remove(job);
            due = all == null ? List.of() : new ArrayList<>(all);
        }
        for (Subscription each : due) {
            send(
                    "notifications/resources/updated",
                    each.stream(),
                    json -> json.writeStringField("uri", Json.wellFormed(each.uri())));
        }
    }

    /** Writes members of an object. */
    @FunctionalInterface
    private interface Members {
        void writeTo(JsonGenerator json) throws IOException;
    }

    private void send(String method, Optional<String> stream, Members params) {
        Utf8Buffer line = new Utf8Buffer(256);
        Json.write(line, json -> {
            json.writeStartObject();
            json.writeStringField("jsonrpc", "2.0");
            json.writeStringField("method", method);
            json.writeObjectFieldStart("params");
            if (stream.isPresent()) {
                json.writeObjectFieldStart("_meta");
                json.writeFieldName("io.modelcontextprotocol/subscriptionId");
                json.writeRawValue(stream.get());
                json.writeEndObject();
            }
            params.writeTo(json);
            json.writeEndObject();
            json.writeEndObject();
        });
        writer.send(line.append("\n").toByteArray());
    }
}
