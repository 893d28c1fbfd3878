package dev.codexmcp.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.codexmcp.job.JobException;
import dev.codexmcp.json.IsoTime;
import dev.codexmcp.mcp.jsonrpc.ResponseEncoder.Result;
import dev.codexmcp.mcp.stdio.LineWriter;
import dev.codexmcp.tool.Caller;
import dev.codexmcp.tool.JobErrorText;
import dev.codexmcp.tool.Tool;
import dev.codexmcp.tool.ToolCatalog;
import dev.codexmcp.tool.ToolFailedException;
import dev.codexmcp.tool.schema.Arguments;
import dev.codexmcp.tool.schema.BadArgumentException;
import dev.codexmcp.tool.schema.ToolResult;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Runs tool calls: quick ones on the thread that reads the requests, those that may block on other threads. Any failure
 * of a tool becomes an error result.
 */
final class ToolExecutor {
    private static final Logger log = LoggerFactory.getLogger(ToolExecutor.class);

    /** The error for a call that the heap has no room for. */
    static final String HEAP_FULL =
            "The server has not enough memory for this. Ask for less at once (codex_events takes"
                    + " maxEvents and maxBytes), or give it more heap: CODEX_MCP_JAVA_OPTS=-Xmx....";

    /** Encoding a long answer keeps a core busy: encoding more at once would not be faster. */
    private final Semaphore makers = new Semaphore(2);

    private final ToolCatalog tools;
    private final LineWriter writer;
    private final ToolThreadPool threads;
    private final Scheduler scheduler;

    ToolExecutor(ToolCatalog tools, LineWriter writer, ToolThreadPool threads) {
        this.tools = tools;
        this.writer = writer;
        this.threads = threads;
        scheduler = Schedulers.fromExecutorService(threads);
    }

    /**
     * Calls a tool and encodes its result, once subscribed to. Cancelling the subscription cancels the call.
     *
     * @param params the parameters of {@code tools/call}, with a {@code name}
     */
    Mono<Result> call(JsonNode params, Caller caller) {
        String name = params.path("name").asText();
        return call(params, caller, result -> Mono.just(encode(name, result, caller)));
    }

    /** As {@link #call(JsonNode, Caller)}, with another form of the result. */
    Mono<Result> call(JsonNode params, Caller caller, Function<ToolResult, Mono<Result>> encoding) {
        String name = params.path("name").asText();
        Optional<Tool> found = tools.find(name);
        if (found.isEmpty()) {
            return encoding.apply(failure(name, tools.missing(name)));
        }
        JsonNode given = params.path("arguments");
        if (!given.isObject() && !given.isNull() && !given.isMissingNode()) {
            return encoding.apply(failure(name, "\"arguments\" must be an object."));
        }
        Tool tool = found.get();
        Arguments arguments = given.isObject() ? new Arguments(given, "") : Arguments.NONE;
        Mono<Result> call = Mono.defer(() -> Mono.fromFuture(run(tool, arguments, caller)))
                .onErrorResume(failure -> Mono.just(broken(name, failure)))
                .flatMap(encoding);
        return switch (tool.spec().pace()) {
            case QUICK -> call;
            case STARTS_WORKERS -> call.subscribeOn(scheduler);
            case LONG_ANSWER -> inTurn(call).subscribeOn(scheduler);
        };
    }

    /**
     * Waits until the client has read enough, and until few enough other calls are encoding an answer. So the unread
     * output exceeds the writer's limit by at most one answer for each call that is encoding, not for each request.
     */
    private Mono<Result> inTurn(Mono<Result> call) {
        return Mono.defer(() -> {
            try {
                makers.acquire();
            } catch (InterruptedException e) {
                return Mono.empty(); // the client has cancelled the call
            }
            try {
                while (!writer.hasRoom()) {
                    writer.awaitRoom();
                }
            } catch (InterruptedException e) {
                makers.release();
                return Mono.empty();
            }
            return call.doFinally(end -> makers.release());
        });
    }

    private static CompletableFuture<ToolResult> run(Tool tool, Arguments arguments, Caller caller) {
        String name = tool.spec().name();
        try {
            return tool.call(arguments, caller);
        } catch (BadArgumentException e) {
            return CompletableFuture.completedFuture(failure(name, e.getMessage()));
        } catch (JobException e) {
            return CompletableFuture.completedFuture(failure(name, JobErrorText.of(e.error())));
        } catch (RuntimeException | Error e) {
            return CompletableFuture.completedFuture(broken(name, e));
        }
    }

    /** Catches errors too: otherwise the call would never be answered. */
    private static Result encode(String name, ToolResult result, Caller caller) {
        try {
            return ToolResultEncoder.of(result, caller.limits().showsBoth());
        } catch (RuntimeException | Error e) {
            return ToolResultEncoder.of(broken(name, e), false);
        }
    }

    /** Loads in advance what the first call needs, by making a call that is refused because it has no prompt. */
    void warmUp() {
        JsonNode params = JsonNodeFactory.instance
                .objectNode()
                .put("name", "codex_spawn")
                .set("arguments", JsonNodeFactory.instance.objectNode());
        call(params, Caller.UNKNOWN)
                .subscribe(refusal -> {}, failure -> log.debug("Warm-up failed: the server is shutting down", failure));
        IsoTime.format(0);
    }

    /** The error for a call that failed after it had started, or in a way that no tool handles. */
    private static ToolResult broken(String name, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof JobException refused) {
            return failure(name, JobErrorText.of(refused.error()));
        }
        if (cause instanceof ToolFailedException || cause instanceof RejectedExecutionException) {
            return failure(name, cause.getMessage());
        }
        log.error("The tool {} failed", name, cause);
        String message = isHeapFull(cause) ? HEAP_FULL : "the server failed: " + cause + ". Please report this.";
        return failure(name, message);
    }

    /** Whether the heap is full, rather than the system refusing a thread. */
    static boolean isHeapFull(Throwable failure) {
        return failure instanceof OutOfMemoryError
                && !String.valueOf(failure.getMessage()).contains("thread");
    }

    /** The result of a call that could not be started. */
    static Result refused(JsonNode params, String reason) {
        return failed(params.path("name").asText(), reason);
    }

    private static Result failed(String name, String message) {
        return ToolResultEncoder.of(failure(name, message), false);
    }

    private static ToolResult failure(String name, @Nullable String message) {
        return new ToolResult.Failure("Error in tool \"" + name + "\": " + message);
    }

    /** Waits until the calls running on other threads are answered, or the time is up. */
    void finish(long millis) throws InterruptedException {
        threads.shutdown();
        if (!threads.awaitTermination(millis, TimeUnit.MILLISECONDS)) {
            log.warn("Calls were still running at shutdown");
        }
    }
}
