package dev.codexmcp.tool;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.codex.ExtraOptions;
import dev.codexmcp.codex.Profiles;
import dev.codexmcp.codex.WorkerOptions;
import dev.codexmcp.codex.schema.OutputSchema;
import dev.codexmcp.codex.schema.SchemaException;
import dev.codexmcp.tool.schema.Arguments;
import dev.codexmcp.tool.schema.BadArgumentException;
import dev.codexmcp.tool.schema.Parameter;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** The arguments for CLI options that few workers need. The CLI ignores most invalid values, so they are checked here. */
final class ExtraParameters {
    private static final String INHERIT = "inherit";
    private static final String NONE = "none";
    private static final Pattern PROFILE_NAME = Pattern.compile("[A-Za-z0-9_-]+");

    private static final Parameter<List<String>> IMAGES =
            Parameter.texts("images", 0, "Files to show with the prompt.");
    private static final Parameter<List<String>> ADD_DIRS = Parameter.texts("addDirs", 0, "More folders to write to.");
    private static final Parameter<String> PROFILE = Parameter.argument("profile", "Of the Codex configuration.");
    private static final Parameter<JsonNode> OUTPUT_SCHEMA =
            Parameter.openObject("outputSchema", "JSON Schema; the final message is JSON of this shape.");
    private static final Parameter<Boolean> NETWORK = Parameter.flag("network", "For commands, in workspace-write.");
    private static final Parameter<Boolean> WEB_SEARCH = Parameter.flag("webSearch", "Of the live web.");
    private static final Parameter<String> MCP_SERVERS =
            Parameter.word("mcpServers", List.of(INHERIT, NONE), "none: start no configured ones.");

    static final List<Parameter<?>> ALL =
            List.of(IMAGES, ADD_DIRS, PROFILE, OUTPUT_SCHEMA, NETWORK, WEB_SEARCH, MCP_SERVERS);

    private ExtraParameters() {}

    /**
     * The options that the arguments name.
     *
     * @param worker the worker's other options: relative paths start from its working directory
     */
    static ExtraOptions options(Arguments arguments, WorkerOptions worker) throws BadArgumentException {
        Path base = Path.of(worker.workingDirectory().orElse("")).toAbsolutePath();
        return new ExtraOptions(
                images(arguments, base),
                paths(arguments, ADD_DIRS, base, Files::isDirectory, "an existing folder"),
                profile(arguments),
                schema(arguments),
                arguments.optional(NETWORK),
                arguments.optional(WEB_SEARCH),
                arguments.optional(MCP_SERVERS).map(NONE::equals));
    }

    private static List<String> images(Arguments arguments, Path base) throws BadArgumentException {
        List<String> images = paths(
                arguments,
                IMAGES,
                base,
                file -> Files.isRegularFile(file) && Files.isReadable(file),
                "an existing, readable file");
        for (int i = 0; i < images.size(); i++) {
            if (images.get(i).contains(",")) {
                throw new BadArgumentException("\"" + arguments.path() + IMAGES.name() + "[" + i + "]\" is \""
                        + images.get(i) + "\", but the Codex CLI takes no path with a comma. Copy or rename the file.");
            }
        }
        return images;
    }

    private static List<String> paths(
            Arguments arguments, Parameter<List<String>> list, Path base, Predicate<Path> right, String takes)
            throws BadArgumentException {
        List<String> given = arguments.orElse(list, List.of());
        List<String> paths = new ArrayList<>();
        for (int i = 0; i < given.size(); i++) {
            Optional<Path> path = resolve(base, given.get(i)).filter(right);
            if (path.isEmpty()) {
                throw new BadArgumentException("\"" + arguments.path() + list.name() + "[" + i + "]\" is \""
                        + given.get(i) + "\": it must be " + takes + ". Relative paths start from " + base + ".");
            }
            paths.add(path.get().toString());
        }
        return paths;
    }

    private static Optional<Path> resolve(Path base, String path) {
        try {
            return path.isEmpty() ? Optional.empty() : Optional.of(base.resolve(path));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> profile(Arguments arguments) throws BadArgumentException {
        Optional<String> profile = arguments.optional(PROFILE);
        if (profile.isEmpty()) {
            return profile;
        }
        String got = "\"" + arguments.path() + PROFILE.name() + "\" is \"" + profile.get() + "\"";
        if (!PROFILE_NAME.matcher(profile.get()).matches()) {
            throw new BadArgumentException(got + ": it must be a name of letters, digits, _ and -.");
        }
        Profiles profiles = Profiles.of(System.getenv());
        if (!profiles.has(profile.get())) {
            List<String> names = profiles.names();
            throw new BadArgumentException(got + ", but " + profiles.home() + " has no " + profile.get()
                    + ".config.toml. "
                    + (names.isEmpty() ? "It has no profiles." : "Its profiles: " + String.join(", ", names) + "."));
        }
        return profile;
    }

    private static Optional<OutputSchema> schema(Arguments arguments) throws BadArgumentException {
        Optional<JsonNode> schema = arguments.optional(OUTPUT_SCHEMA);
        if (schema.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(OutputSchema.of(schema.get()));
        } catch (SchemaException e) {
            throw new BadArgumentException(
                    "\"" + arguments.path() + OUTPUT_SCHEMA.name() + "\" " + e.getMessage() + ".");
        }
    }
}
