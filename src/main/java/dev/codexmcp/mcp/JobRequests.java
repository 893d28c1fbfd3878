package dev.codexmcp.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.job.Job;
import dev.codexmcp.mcp.jsonrpc.ResponseEncoder.Result;
import dev.codexmcp.mcp.stdio.LineWriter;
import dev.codexmcp.tool.Caller;
import dev.codexmcp.tool.ToolCatalog;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** The requests by which a client looks at jobs without calling a tool: resources, subscriptions, log messages, completion. */
final class JobRequests {
    static final String LISTEN = "subscriptions/listen";

    /** The methods that {@link #handle} handles. */
    static final List<String> METHODS = List.of(
            McpSchema.METHOD_RESOURCES_TEMPLATES_LIST,
            McpSchema.METHOD_RESOURCES_SUBSCRIBE,
            McpSchema.METHOD_RESOURCES_UNSUBSCRIBE,
            LISTEN,
            McpSchema.METHOD_LOGGING_SET_LEVEL,
            McpSchema.METHOD_COMPLETION_COMPLETE);

    private final JobResources resources;
    private final ResourceSubscriptions subscriptions;
    private final LogMessages log;
    private final Completions completions;

    JobRequests(ToolCatalog tools, ToolExecutor calls, LineWriter writer) {
        resources = new JobResources(tools, calls);
        subscriptions = new ResourceSubscriptions(tools.jobs(), writer);
        log = new LogMessages(tools.jobs(), tools.fleet(), writer);
        completions = new Completions(tools.jobs());
    }

    Mono<Result> handle(RoutedRequest request, Caller caller) {
        JsonNode params = request.params();
        String uri = params.path("uri").asText();
        return switch (request.method()) {
            case McpSchema.METHOD_RESOURCES_TEMPLATES_LIST -> Mono.just(resources.templates());
            case McpSchema.METHOD_RESOURCES_SUBSCRIBE -> subscribe(uri);
            case McpSchema.METHOD_RESOURCES_UNSUBSCRIBE -> {
                subscriptions.unsubscribe(uri);
                yield Mono.just(Result.EMPTY);
            }
            case LISTEN -> listen(request);
            case McpSchema.METHOD_LOGGING_SET_LEVEL ->
                setLevel(params.path("level").asText());
            case McpSchema.METHOD_COMPLETION_COMPLETE -> completions.complete(params, caller.folder());
            default -> throw new IllegalArgumentException(request.method());
        };
    }

    /** The request {@code resources/read} for a resource of a job. */
    Mono<Result> read(String uri, Caller caller) {
        return resources.read(uri, caller);
    }

    private Mono<Result> subscribe(String uri) {
        Optional<Job> job = resources.find(uri);
        if (job.isEmpty()) {
            return JobResources.notFound(uri);
        }
        subscriptions.subscribe(job.get(), uri);
        return Mono.just(Result.EMPTY);
    }

    /** Is never answered: the client cancels it, or the session ends. */
    private Mono<Result> listen(RoutedRequest request) {
        if (!request.client().stateless()) {
            return Mono.error(McpError.builder(McpSchema.ErrorCodes.METHOD_NOT_FOUND)
                    .message("Method not found: " + LISTEN)
                    .build());
        }
        Map<String, Job> found = new LinkedHashMap<>();
        for (JsonNode uri : request.params().path("notifications").path("resourceSubscriptions")) {
            resources.find(uri.asText()).ifPresent(job -> found.put(uri.asText(), job));
        }
        subscriptions.listen(request.rawId(), found);
        return Mono.<Result>never().doOnCancel(() -> subscriptions.stop(request.rawId()));
    }

    private Mono<Result> setLevel(String level) {
        return log.setLevel(level)
                ? Mono.just(Result.EMPTY)
                : Mono.error(McpError.builder(McpSchema.ErrorCodes.INVALID_PARAMS)
                        .message("\"level\" must be one of " + String.join(", ", LogMessages.levels()) + ".")
                        .build());
    }
}
