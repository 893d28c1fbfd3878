package dev.codexmcp.tool.schema;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;

/**
 * What clients see of a tool.
 *
 * @param description for the model: what the tool is for, and what to call next
 * @param fields the arguments, in the order they are listed
 * @param output the members of a structured result; empty for a tool that returns text
 */
public record ToolSpecification(
        String name,
        String title,
        String description,
        ToolAnnotations hints,
        List<Parameter<?>> fields,
        List<Parameter<?>> output,
        ExecutionModel pace) {
    public ToolSpecification {
        fields = List.copyOf(fields);
        output = List.copyOf(output);
    }

    /** A tool that returns text. */
    public ToolSpecification(
            String name,
            String title,
            String description,
            ToolAnnotations hints,
            List<Parameter<?>> fields,
            ExecutionModel pace) {
        this(name, title, description, hints, fields, List.of(), pace);
    }

    /** Writes the tool's whole entry in the result of {@code tools/list}. */
    public void writeTo(JsonGenerator json) throws IOException {
        writeTo(json, true);
    }

    /**
     * Writes the tool's entry in the result of {@code tools/list}.
     *
     * @param structured whether to promise structured content
     */
    public void writeTo(JsonGenerator json, boolean structured) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", name);
        json.writeStringField("title", title);
        json.writeStringField("description", description);
        json.writeFieldName("inputSchema");
        ObjectSchema.write(json, fields);
        if (structured && !output.isEmpty()) {
            json.writeFieldName("outputSchema");
            ObjectSchema.write(json, output);
        }
        json.writeObjectFieldStart("annotations");
        json.writeStringField("title", title);
        json.writeBooleanField("readOnlyHint", hints.readOnly());
        json.writeBooleanField("destructiveHint", hints.destructive());
        json.writeBooleanField("idempotentHint", hints.idempotent());
        json.writeBooleanField("openWorldHint", hints.openWorld());
        json.writeEndObject();
        json.writeEndObject();
    }
}
