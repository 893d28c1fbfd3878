package dev.codexmcp.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.job.Job;
import dev.codexmcp.job.JobRegistry;
import dev.codexmcp.json.Json;
import dev.codexmcp.mcp.jsonrpc.ResponseEncoder.Result;
import dev.codexmcp.prompts.DelegatePrompt;
import dev.codexmcp.prompts.Runbook;
import dev.codexmcp.tool.DefaultFolder;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;

/** Completes the arguments of prompts, and the jobs in URIs: the request {@code completion/complete}. */
final class Completions {
    /** MCP allows no more values in an answer. */
    private static final int MOST = 100;

    private final JobRegistry jobs;

    Completions(JobRegistry jobs) {
        this.jobs = jobs;
    }

    /** @param folder in which paths are completed */
    Mono<Result> complete(JsonNode params, DefaultFolder folder) {
        JsonNode reference = params.path("ref");
        String argument = params.path("argument").path("name").asText();
        String value = params.path("argument").path("value").asText();
        if (!params.path("argument").path("name").isTextual()) {
            return wrong("\"argument\" must have the \"name\" of the argument to complete.");
        }
        if (isResource(reference)) {
            return argument.equals("jobId") ? answer(jobs(value)) : answer(List.of());
        }
        if (reference.path("type").asText().equals("ref/prompt")
                && reference.path("name").asText().equals(DelegatePrompt.NAME)) {
            return answer(
                    switch (argument) {
                        case "label" -> startingWith(value, labels());
                        case "scope" -> paths(value, Path.of(DefaultFolder.name(folder.get())));
                        default -> startingWith(value, DelegatePrompt.suggestions(argument).stream());
                    });
        }
        return wrong("\"ref\" must be a prompt of prompts/list or a template of resources/templates/list.");
    }

    private static boolean isResource(JsonNode reference) {
        String uri = reference.path("uri").asText();
        return reference.path("type").asText().equals("ref/resource")
                && (uri.equals(Runbook.URI)
                        || Stream.of(JobUri.Kind.values())
                                .anyMatch(kind -> kind.template().equals(uri)));
    }

    private static Mono<Result> wrong(String message) {
        return Mono.error(McpError.builder(McpSchema.ErrorCodes.INVALID_PARAMS)
                .message(message)
                .build());
    }

    /** The ids that begin so, newest first, then the labels. */
    private List<String> jobs(String value) {
        List<Job> newestFirst = newestFirst();
        return startingWith(value, Stream.concat(newestFirst.stream().map(Job::id), labels()));
    }

    private Stream<String> labels() {
        return newestFirst().stream()
                .flatMap(job -> job.spec().label().stream())
                .filter(label -> !label.isEmpty());
    }

    private List<Job> newestFirst() {
        List<Job> all = new ArrayList<>(jobs.list());
        Collections.reverse(all);
        return all;
    }

    private static List<String> startingWith(String value, Stream<String> candidates) {
        String start = value.toLowerCase(Locale.ROOT);
        Set<String> found = new LinkedHashSet<>();
        candidates
                .filter(each -> each.toLowerCase(Locale.ROOT).startsWith(start))
                .forEach(found::add);
        return List.copyOf(found);
    }

    /** The paths, one per line, with those that the last line may become. */
    private static List<String> paths(String value, Path folder) {
        int line = value.lastIndexOf('\n') + 1;
        String typed = value.substring(line);
        String parent = typed.substring(0, typed.lastIndexOf('/') + 1);
        List<String> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder.resolve(parent))) {
            for (Path entry : entries) {
                String path = parent + entry.getFileName() + (Files.isDirectory(entry) ? "/" : "");
                if (path.startsWith(typed)
                        && (typed.endsWith(".")
                                || !entry.getFileName().toString().startsWith("."))) {
                    found.add(value.substring(0, line) + path);
                }
            }
        } catch (IOException | InvalidPathException | DirectoryIteratorException e) {
            return List.of(); // nothing there to offer
        }
        found.sort(null);
        return found;
    }

    private static Mono<Result> answer(List<String> values) {
        return Mono.just(Result.of(json -> {
            json.writeStartObject();
            json.writeObjectFieldStart("completion");
            json.writeArrayFieldStart("values");
            for (String value : values.subList(0, Math.min(MOST, values.size()))) {
                json.writeString(Json.wellFormed(value));
            }
            json.writeEndArray();
            json.writeNumberField("total", values.size());
            json.writeBooleanField("hasMore", values.size() > MOST);
            json.writeEndObject();
            json.writeEndObject();
        }));
    }
}
