package dev.codexmcp.install.host;

import dev.codexmcp.install.edit.ConfigFormat;
import dev.codexmcp.install.os.Environment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A host with a settings folder of its own, whose JSON file has the servers in {@code mcpServers}. Most hosts are of this kind. */
abstract class FolderHost implements EditedHost {
    private final String word;
    private final String title;

    FolderHost(String word, String title) {
        this.word = word;
        this.title = title;
    }

    /** The host's settings folder, whether or not it exists. */
    abstract Path folder(Environment environment);

    @Override
    public final String word() {
        return word;
    }

    @Override
    public final String title() {
        return title;
    }

    @Override
    public final boolean isFound(Environment environment) {
        return program(environment).isPresent() || Files.exists(folder(environment));
    }

    @Override
    public final ConfigFormat format() {
        return ConfigFormat.JSON;
    }

    @Override
    public List<String> container() {
        return List.of("mcpServers");
    }
}
