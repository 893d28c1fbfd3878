package dev.codexmcp.tool;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.job.Hold;
import dev.codexmcp.job.fleet.FleetQuery;
import dev.codexmcp.job.fleet.LabelPattern;
import dev.codexmcp.json.IsoTime;
import dev.codexmcp.tool.schema.Arguments;
import dev.codexmcp.tool.schema.BadArgumentException;
import dev.codexmcp.tool.schema.Parameter;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** The arguments that select jobs, and what answers about several jobs have in common. */
final class FleetParameters {
    static final Parameter<String> LABEL = Parameter.text("label", "A label, or a prefix that ends in *.");
    static final Parameter<Integer> SINCE =
            Parameter.integer("since", 0, Integer.MAX_VALUE, "A rev: only what changed after it.");

    static final Parameter<Integer> REV =
            Parameter.integer("rev", 0, Integer.MAX_VALUE, "For since.").required();
    static final Parameter<Integer> MORE = Parameter.integer("more", 1, Integer.MAX_VALUE, "Rows left out.");

    static final Parameter<Arguments> HOLD = Parameter.object(
            "hold",
            List.of(Parameter.text("reason", "The limit that was reached."), Parameter.text("until", "ISO 8601, UTC.")),
            "No queued job starts until then.");

    private FleetParameters() {}

    static void writeHold(JsonGenerator json, Hold hold) throws IOException {
        json.writeObjectFieldStart("hold");
        json.writeStringField("reason", hold.reason());
        json.writeStringField("until", IsoTime.format(hold.until()));
        json.writeEndObject();
    }

    static Optional<LabelPattern> label(Arguments arguments) throws BadArgumentException {
        return arguments.optional(LABEL).map(LabelPattern::of);
    }

    /** All jobs, or those that {@code label} and {@code since} narrow them down to. */
    static FleetQuery query(Arguments arguments) throws BadArgumentException {
        Optional<Integer> since = arguments.optional(SINCE);
        return new FleetQuery(
                Optional.empty(),
                Set.of(),
                label(arguments),
                since.isPresent() ? OptionalLong.of(since.get()) : OptionalLong.empty());
    }

    /** A list of rows in an output schema. The fields of a row depend on its job. */
    static Parameter<List<JsonNode>> rows(String name, String description) {
        return Parameter.objects(name, 0, List.of(), description);
    }
}
