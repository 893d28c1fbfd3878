package dev.codexmcp.codex;

import dev.codexmcp.codex.schema.OutputSchema;
import java.util.List;
import java.util.Optional;

/**
 * The options of the CLI that few workers need. What is empty is left to the CLI's configuration.
 *
 * @param images absolute paths of images to attach to the prompt, without commas, at which the CLI would split them
 * @param addDirs absolute paths of folders to which the worker may write too
 * @param profile the name of a file {@code NAME.config.toml} in the CLI's home
 * @param outputSchema the shape of the final message
 * @param network whether commands have access to the network; takes effect in {@link Sandbox#WORKSPACE_WRITE}
 * @param webSearch whether the worker may search the live web
 * @param withoutMcpServers whether to start none of the MCP servers that the CLI's configuration names
 */
public record ExtraOptions(
        List<String> images,
        List<String> addDirs,
        Optional<String> profile,
        Optional<OutputSchema> outputSchema,
        Optional<Boolean> network,
        Optional<Boolean> webSearch,
        Optional<Boolean> withoutMcpServers) {
    public static final ExtraOptions NONE = new ExtraOptions(
            List.of(),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    public ExtraOptions {
        images = List.copyOf(images);
        addDirs = List.copyOf(addDirs);
        if (images.stream().anyMatch(image -> image.contains(","))) {
            throw new IllegalArgumentException("an image with a comma in its path: " + images);
        }
    }

    /** These options, with empty ones taken from {@code other}. */
    public ExtraOptions or(ExtraOptions other) {
        return new ExtraOptions(
                images.isEmpty() ? other.images : images,
                addDirs.isEmpty() ? other.addDirs : addDirs,
                profile.or(other::profile),
                outputSchema.or(other::outputSchema),
                network.or(other::network),
                webSearch.or(other::webSearch),
                withoutMcpServers.or(other::withoutMcpServers));
    }

    /** The same without images: those belong to one prompt. */
    public ExtraOptions withoutImages() {
        return new ExtraOptions(List.of(), addDirs, profile, outputSchema, network, webSearch, withoutMcpServers);
    }
}
