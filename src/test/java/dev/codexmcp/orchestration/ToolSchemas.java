package dev.codexmcp.orchestration;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.codex.CodexCli;
import dev.codexmcp.codex.Sandbox;
import dev.codexmcp.job.JobEngine;
import dev.codexmcp.testkit.TestJson;
import dev.codexmcp.tool.Tool;
import dev.codexmcp.tool.ToolCatalog;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Checks calls against the schemas of the server's tools. */
final class ToolSchemas {

    private final Map<String, JsonNode> schemas = new LinkedHashMap<>();

    ToolSchemas() {
        JobEngine jobs = JobEngine.of(new CodexCli(Optional.empty(), ""), 1);
        for (Tool tool : new ToolCatalog(
                        jobs.registry(),
                        jobs.scheduler(),
                        jobs.changes(),
                        jobs.timer(),
                        Sandbox.WORKSPACE_WRITE,
                        Runnable::run)
                .all()) {
            schemas.put(tool.spec().name(), listed(tool).path("inputSchema"));
        }
    }

    Set<String> names() {
        return schemas.keySet();
    }

    /** The errors in the arguments of a call; empty if the tool accepts them. */
    List<String> complaints(String tool, JsonNode arguments) {
        List<String> complaints = new ArrayList<>();
        JsonNode schema = schemas.get(tool);
        if (schema == null) {
            complaints.add("no such tool: " + tool);
        } else {
            check(schema, arguments, tool, complaints);
        }
        return complaints;
    }

    private void check(JsonNode schema, JsonNode value, String path, List<String> complaints) {
        String type = schema.path("type").asText();
        boolean fits = switch (type) {
            case "object" -> value.isObject();
            case "array" ->
                value.isArray() && value.size() >= schema.path("minItems").asInt(0);
            case "string" -> value.isTextual();
            case "boolean" -> value.isBoolean();
            case "integer" ->
                value.isIntegralNumber()
                        && value.asLong() >= schema.path("minimum").asLong(Long.MIN_VALUE)
                        && value.asLong() <= schema.path("maximum").asLong(Long.MAX_VALUE);
            default -> throw new AssertionError("the schema of " + path + " has the type " + type);
        };
        if (!fits) {
            complaints.add(path + " is " + value + ": it must be " + schema);
        }
        if (schema.has("enum") && !contains(schema.path("enum"), value)) {
            complaints.add(path + " is " + value + ": it must be one of " + schema.path("enum"));
        }
        for (JsonNode name : schema.path("required")) {
            if (!value.has(name.asText())) {
                complaints.add(path + "." + name.asText() + " is missing");
            }
        }
        if (value.isObject()) {
            value.properties().forEach(field -> {
                String member = path + "." + field.getKey();
                JsonNode expected = schema.path("properties").path(field.getKey());
                if (expected.isMissingNode() && path.startsWith("codex_spawn_group.")) {
                    // A group takes all arguments of codex_spawn, which alone lists them all.
                    expected = schemas.getOrDefault("codex_spawn", schema)
                            .path("properties")
                            .path(field.getKey());
                }
                if (expected.isMissingNode()) {
                    complaints.add(member + " is not an argument");
                } else {
                    check(expected, field.getValue(), member, complaints);
                }
            });
        }
        if (value.isArray()) {
            value.forEach(element -> check(schema.path("items"), element, path + "[]", complaints));
        }
    }

    private static boolean contains(JsonNode list, JsonNode value) {
        for (JsonNode element : list) {
            if (element.equals(value)) {
                return true;
            }
        }
        return false;
    }

    private static JsonNode listed(Tool tool) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = TestJson.MAPPER.createGenerator(text)) {
            tool.spec().writeTo(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return TestJson.parse(text.toString());
    }
}
