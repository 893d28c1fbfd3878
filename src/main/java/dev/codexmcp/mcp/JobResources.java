package dev.codexmcp.mcp;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codexmcp.job.Job;
import dev.codexmcp.json.ByteSlice;
import dev.codexmcp.json.Json;
import dev.codexmcp.json.JsonStringStream;
import dev.codexmcp.json.Utf8Buffer;
import dev.codexmcp.mcp.jsonrpc.ResponseEncoder.Result;
import dev.codexmcp.tool.Caller;
import dev.codexmcp.tool.ToolCatalog;
import dev.codexmcp.tool.schema.ToolResult;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** The resources of jobs: each has the content of a tool's answer about the job. */
final class JobResources {
    private final ToolCatalog tools;
    private final ToolExecutor calls;

    JobResources(ToolCatalog tools, ToolExecutor calls) {
        this.tools = tools;
        this.calls = calls;
    }

    /** The kinds for which there is a tool. */
    private List<JobUri.Kind> kinds() {
        return Arrays.stream(JobUri.Kind.values())
                .filter(kind -> tools.find(kind.tool()).isPresent())
                .toList();
    }

    /** The answer to {@code resources/templates/list}. */
    Result templates() {
        return Result.of(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("resourceTemplates");
            for (JobUri.Kind kind : kinds()) {
                json.writeStartObject();
                json.writeStringField("uriTemplate", kind.template());
                json.writeStringField("name", "job-" + kind.word());
                json.writeStringField("title", kind.title());
                json.writeStringField("description", kind.description());
                json.writeStringField("mimeType", kind.mimeType());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    /** The job of a URI; empty if there is no such resource. */
    Optional<Job> find(String uri) {
        return JobUri.of(uri)
                .filter(parts -> kinds().contains(parts.kind()))
                .flatMap(parts -> parts.find(tools.jobs()));
    }

    /** The answer to {@code resources/read}. */
    Mono<Result> read(String uri, Caller caller) {
        Optional<Job> job = find(uri);
        if (job.isEmpty()) {
            return notFound(uri);
        }
        JobUri parts = JobUri.of(uri).orElseThrow();
        ObjectNode params =
                JsonNodeFactory.instance.objectNode().put("name", parts.kind().tool());
        ObjectNode arguments =
                params.putObject("arguments").put("jobId", job.get().id());
        if (!parts.cursor().isEmpty()) {
            arguments.put("cursor", parts.cursor());
        }
        return calls.call(params, caller, result -> contents(uri, parts.kind(), result));
    }

    /** The refusal of a URI. */
    static <T> Mono<T> notFound(String uri) {
        return Mono.error(McpError.builder(McpSchema.ErrorCodes.RESOURCE_NOT_FOUND)
                .message(
                        "There is no resource \"" + Json.wellFormed(uri)
                                + "\"; see resources/list and resources/templates/list. A restart of the server loses its jobs.")
                .build());
    }

    private static Mono<Result> contents(String uri, JobUri.Kind kind, ToolResult result) {
        if (result instanceof ToolResult.Failure failure) {
            return Mono.error(McpError.builder(McpSchema.ErrorCodes.INVALID_PARAMS)
                    .message(failure.text())
                    .build());
        }
        Utf8Buffer head = new Utf8Buffer(256).append("{\"contents\":[{\"uri\":");
        Json.write(head, json -> json.writeString(uri));
        head.append(",\"mimeType\":\"" + kind.mimeType() + "\",\"text\":\"");
        return Mono.just(
                new Result(head.toSlice(), text(result), ByteSlice.of("\"}]}".getBytes(StandardCharsets.US_ASCII))));
    }

    /** The text of an answer, escaped for a JSON string. */
    private static ByteSlice text(ToolResult result) {
        if (result instanceof ToolResult.EscapedText escaped) {
            return escaped.text();
        }
        if (result instanceof ToolResult.Text text) {
            return escaped(text.text());
        }
        if (result instanceof ToolResult.TextAndJson both) {
            return escaped(both.text());
        }
        if (result instanceof ToolResult.Json object) {
            return escaped(new String(Json.bytes(object.object()), StandardCharsets.UTF_8));
        }
        throw new IllegalStateException("unknown kind of result: " + result);
    }

    private static ByteSlice escaped(String text) {
        byte[] plain = Json.wellFormed(text).getBytes(StandardCharsets.UTF_8);
        Utf8Buffer escaped = new Utf8Buffer(plain.length + 64);
        new JsonStringStream(escaped).write(plain, 0, plain.length);
        return escaped.toSlice();
    }
}
