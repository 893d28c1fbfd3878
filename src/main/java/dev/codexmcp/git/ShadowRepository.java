package dev.codexmcp.git;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A bare repository of ours next to a user's: it reads the user's objects and keeps new ones itself. Git runs in it
 * with the user's working tree, so it sees neither the configuration nor the hooks of the user's repository, and writes
 * nothing there.
 */
final class ShadowRepository {
    private static final long LONGEST_FILE = 1024 * 1024;

    /** The ids of the tree without entries, which git knows without storing it. */
    private static final String EMPTY_SHA1 = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

    private static final String EMPTY_SHA256 = "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321";

    private final GitProgram program;
    private final Repository repository;
    private final Path folder;
    private final Path objects;
    private final Path state;
    private final Settings settings;
    private final String emptyTree;

    /** From the repository's own configuration, as last read. */
    private volatile Settings harmless;

    private List<FileStamp> configStamps;

    /**
     * @param folder where to create the shadow
     * @param objects the folder for new objects; working trees of one repository may share it
     * @param state a folder that is never part of a snapshot, even if it is in the working tree
     */
    ShadowRepository(GitProgram program, Repository repository, Path folder, Path objects, Path state)
            throws IOException {
        this.program = program;
        this.repository = repository;
        this.folder = folder;
        this.objects = objects;
        this.state = state;
        Files.createDirectories(folder.resolve("objects"));
        Files.createDirectories(folder.resolve("refs"));
        Files.createDirectories(folder.resolve("info"));
        Files.createDirectories(objects.resolve("info"));
        Files.createDirectories(objects.resolve("pack"));
        Files.writeString(folder.resolve("HEAD"), "ref: refs/heads/none\n");
        Files.writeString(folder.resolve("config"), "");
        Settings base = Settings.none()
                .withVariable("GIT_DIR", folder.toString())
                .withVariable("GIT_OBJECT_DIRECTORY", objects.toString())
                .withVariable("GIT_CONFIG_NOSYSTEM", "1")
                .withVariable("GIT_ATTR_NOSYSTEM", "1")
                .withVariable("GIT_CONFIG_GLOBAL", "/dev/null")
                .withValue("core.bare", "false")
                .withValue("core.looseCompression", "1")
                .withValue("core.fsync", "none")
                .withValue("index.skipHash", "true")
                .withValue("core.quotePath", "false");
        this.settings = base;
        this.configStamps = configStamps();
        Map<String, String> own = ownConfig();
        this.harmless = RepositoryConfig.harmless(base, program.usersConfig(), own);
        boolean sha256 = "sha256".equals(own.get("extensions.objectformat"));
        Files.writeString(
                folder.resolve("config"),
                sha256
                        ? "[core]\n\trepositoryformatversion = 1\n[extensions]\n\tobjectFormat = sha256\n"
                        : "[core]\n\trepositoryformatversion = 0\n");
        Files.writeString(
                objects.resolve("info/alternates"),
                alternate(repository.commonDir().resolve("objects")));
        emptyTree = sha256 ? EMPTY_SHA256 : EMPTY_SHA1;
    }

    private List<FileStamp> configStamps() throws IOException {
        return List.of(
                FileStamp.of(repository.commonDir().resolve("config")),
                FileStamp.of(repository.gitDir().resolve("config.worktree")));
    }

    private static String alternate(Path objects) {
        return RepoPath.plain(objects.toString()).quoted() + "\n";
    }

    /** Adopts the repository's current settings for ignored files, attributes and line ends. */
    synchronized void refresh() throws IOException {
        List<FileStamp> stamps = configStamps();
        if (!stamps.equals(configStamps)) {
            harmless = RepositoryConfig.harmless(settings, program.usersConfig(), ownConfig());
            configStamps = stamps;
        }
        Path info = repository.commonDir().resolve("info");
        String exclude = read(info.resolve("exclude"));
        if (state.startsWith(repository.root())) {
            String below = repository.root().relativize(state).toString();
            exclude += "\n/" + below.replaceAll("([\\\\*?\\[\\] !#])", "\\\\$1") + "/\n";
        }
        write(folder.resolve("info/exclude"), exclude);
        write(folder.resolve("info/attributes"), read(info.resolve("attributes")));
    }

    /** The settings of the repository itself: its common configuration and the working tree's. */
    private Map<String, String> ownConfig() throws IOException {
        Map<String, String> common =
                RepositoryConfig.read(program, settings, repository.commonDir().resolve("config"));
        if (!common.getOrDefault("extensions.worktreeconfig", "")
                .toLowerCase(Locale.ROOT)
                .equals("true")) {
            return common;
        }
        Map<String, String> both = new LinkedHashMap<>(common);
        both.putAll(RepositoryConfig.read(program, settings, repository.gitDir().resolve("config.worktree")));
        return both;
    }

    private static String read(Path file) throws IOException {
        return Files.isRegularFile(file) && Files.size(file) <= LONGEST_FILE
                ? Files.readString(file, StandardCharsets.ISO_8859_1)
                : "";
    }

    private static void write(Path file, String text) throws IOException {
        // An unchanged file keeps its time, by which git recognizes what it has read before.
        if (!Files.exists(file)
                || !Files.readString(file, StandardCharsets.ISO_8859_1).equals(text)) {
            Files.writeString(file, text, StandardCharsets.ISO_8859_1);
        }
    }

    /** A run that needs only objects. */
    GitCommand command(String... arguments) {
        return program.command(folder, settings, arguments);
    }

    /** A run that creates a commit. */
    GitCommand committing(String... arguments) {
        Settings named = settings;
        for (String role : List.of("AUTHOR", "COMMITTER")) {
            named = named.withVariable("GIT_" + role + "_NAME", "codex-mcp-server")
                    .withVariable("GIT_" + role + "_EMAIL", "codex-mcp-server@localhost")
                    .withVariable("GIT_" + role + "_DATE", "2000-01-01T00:00:00Z");
        }
        return program.command(folder, named, arguments);
    }

    /** A run that sees the working tree, with an index of ours. */
    GitCommand inTree(Path index, String... arguments) {
        return program.command(
                repository.root(),
                harmless.withVariable("GIT_WORK_TREE", repository.root().toString())
                        .withVariable("GIT_INDEX_FILE", index.toString()),
                arguments);
    }

    /** A run with an index of ours and no working tree. */
    GitCommand withIndex(Path index, String... arguments) {
        return program.command(folder, settings.withVariable("GIT_INDEX_FILE", index.toString()), arguments);
    }

    /** Where new objects are. */
    Path objects() {
        return objects;
    }

    Repository repository() {
        return repository;
    }

    /** The folder for temporary files. */
    Path folder() {
        return folder;
    }

    String emptyTree() {
        return emptyTree;
    }

    GitProgram program() {
        return program;
    }
}
