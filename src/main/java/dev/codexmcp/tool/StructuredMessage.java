package dev.codexmcp.tool;

import dev.codexmcp.codex.schema.OutputSchema;
import dev.codexmcp.job.Job;
import dev.codexmcp.tool.schema.ToolResult;
import java.util.Optional;

/** The final message of a job with an output schema. */
final class StructuredMessage {
    private StructuredMessage() {}

    /**
     * The message of an ended job: with its value as structured content if it is an object that matches the schema, with a note if it does not match.
     */
    static ToolResult of(Job job, String message) {
        Optional<OutputSchema> schema =
                job.spec().options().extra().outputSchema().filter(each -> !each.isEmpty());
        if (schema.isEmpty()) {
            return new ToolResult.Text(message);
        }
        OutputSchema.Answer answer = schema.get().check(message);
        if (answer.complaint().isPresent()) {
            return new ToolResult.Text(message + "\n\n[The message does not match the outputSchema: "
                    + answer.complaint().get() + ".]");
        }
        // Structured content is an object in every version of MCP.
        return answer.value()
                .filter(value -> value.isObject())
                .<ToolResult>map(
                        value -> new ToolResult.TextAndJson(message, json -> json.writeRawValue(value.toString())))
                .orElseGet(() -> new ToolResult.Text(message));
    }
}
