package dev.codexmcp.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.json.Json;
import dev.codexmcp.mcp.jsonrpc.ResponseEncoder.Result;
import dev.codexmcp.prompts.DelegatePrompt;
import dev.codexmcp.prompts.Runbook;
import io.modelcontextprotocol.server.McpRequestHandler;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema;
import java.util.HashMap;
import java.util.Map;
import reactor.core.publisher.Mono;

/** Answers the requests about prompts and about resources that are always there: there is one of each. */
final class PromptsAndResources {
    private PromptsAndResources() {}

    static Map<String, McpRequestHandler<?>> handlers() {
        McpRequestHandler<Result> prompts = (exchange, params) -> Mono.just(prompts());
        McpRequestHandler<Result> prompt = (exchange, params) -> prompt(((RoutedRequest) params).params());
        McpRequestHandler<Result> resources = (exchange, params) -> Mono.just(resources());
        return Map.of(
                McpSchema.METHOD_PROMPT_LIST, prompts,
                McpSchema.METHOD_PROMPT_GET, prompt,
                McpSchema.METHOD_RESOURCES_LIST, resources);
    }

    private static Result prompts() {
        return Result.of(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("prompts");
            json.writeStartObject();
            json.writeStringField("name", DelegatePrompt.NAME);
            json.writeStringField("title", DelegatePrompt.TITLE);
            json.writeStringField("description", DelegatePrompt.DESCRIPTION);
            json.writeArrayFieldStart("arguments");
            for (DelegatePrompt.Argument argument : DelegatePrompt.ARGUMENTS) {
                json.writeStartObject();
                json.writeStringField("name", argument.name());
                json.writeStringField("description", argument.description());
                json.writeBooleanField("required", argument.required());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static Mono<Result> prompt(JsonNode params) {
        String name = params.path("name").asText();
        if (!name.equals(DelegatePrompt.NAME)) {
            return refused(
                    McpSchema.ErrorCodes.INVALID_PARAMS, "There is no prompt \"" + name + "\"; see prompts/list.");
        }
        Map<String, String> values = new HashMap<>();
        for (DelegatePrompt.Argument argument : DelegatePrompt.ARGUMENTS) {
            String value = params.path("arguments").path(argument.name()).asText("");
            if (argument.required() && value.isBlank()) {
                return refused(
                        McpSchema.ErrorCodes.INVALID_PARAMS,
                        "\"" + argument.name() + "\" is missing: " + argument.description());
            }
            values.put(argument.name(), value);
        }
        String text = Json.wellFormed(DelegatePrompt.fill(values));
        return Mono.just(Result.of(json -> {
            json.writeStartObject();
            json.writeStringField("description", DelegatePrompt.DESCRIPTION);
            json.writeArrayFieldStart("messages");
            json.writeStartObject();
            json.writeStringField("role", "user");
            json.writeObjectFieldStart("content");
            json.writeStringField("type", "text");
            json.writeStringField("text", text);
            json.writeEndObject();
            json.writeEndObject();
            json.writeEndArray();
            json.writeEndObject();
        }));
    }

    private static Result resources() {
        return Result.of(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("resources");
            json.writeStartObject();
            json.writeStringField("uri", Runbook.URI);
            json.writeStringField("name", Runbook.NAME);
            json.writeStringField("title", Runbook.TITLE);
            json.writeStringField("description", Runbook.DESCRIPTION);
            json.writeStringField("mimeType", Runbook.MIME_TYPE);
            json.writeEndObject();
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    /** The answer to {@code resources/read} for the runbook. */
    static Mono<Result> runbook() {
        String text = Runbook.text();
        return Mono.just(Result.of(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("contents");
            json.writeStartObject();
            json.writeStringField("uri", Runbook.URI);
            json.writeStringField("mimeType", Runbook.MIME_TYPE);
            json.writeStringField("text", text);
            json.writeEndObject();
            json.writeEndArray();
            json.writeEndObject();
        }));
    }

    private static Mono<Result> refused(int code, String message) {
        return Mono.error(McpError.builder(code).message(message).build());
    }
}
