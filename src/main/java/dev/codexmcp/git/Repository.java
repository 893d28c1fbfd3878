package dev.codexmcp.git;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A repository with a working tree. It is found by reading files, without running git, so that nothing in the
 * repository can run. Find it once, when a worker starts: the worker may later create another .git closer by.
 *
 * @param root the top of the working tree, a real path
 * @param gitDir the folder of this working tree's index and HEAD
 * @param commonDir the folder that all working trees of the repository share, with objects and configuration; often the
 *     same
 */
public record Repository(Path root, Path gitDir, Path commonDir) {
    /** Longer than any path that a system allows. */
    private static final int LONGEST_LINK = 16 * 1024;

    public Repository {
        Objects.requireNonNull(root);
        Objects.requireNonNull(gitDir);
        Objects.requireNonNull(commonDir);
    }

    /**
     * The repository whose working tree contains the directory.
     *
     * @return empty outside a repository, and inside one without a working tree
     */
    public static Optional<Repository> find(Path directory) throws IOException {
        for (Path folder = directory.toRealPath(); folder != null; folder = folder.getParent()) {
            Path gitDir = gitDir(folder.resolve(".git"));
            if (gitDir != null) {
                return Optional.of(new Repository(folder, gitDir, commonDir(gitDir)));
            }
            if (isGitDir(folder)) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    private static @Nullable Path gitDir(Path dotGit) throws IOException {
        if (Files.isDirectory(dotGit)) {
            return isGitDir(dotGit) ? dotGit.toRealPath() : null;
        }
        String link = line(dotGit);
        if (link == null || !link.startsWith("gitdir:")) {
            return null;
        }
        Path target = resolve(
                dotGit.resolveSibling(""), link.substring("gitdir:".length()).strip());
        return target != null && isGitDir(target) ? target.toRealPath() : null;
    }

    private static Path commonDir(Path gitDir) throws IOException {
        String link = line(gitDir.resolve("commondir"));
        Path target = link == null ? null : resolve(gitDir, link);
        return target == null ? gitDir : target.toRealPath();
    }

    private static boolean isGitDir(Path folder) throws IOException {
        if (!Files.isRegularFile(folder.resolve("HEAD")) && !Files.isSymbolicLink(folder.resolve("HEAD"))) {
            return false;
        }
        String link = line(folder.resolve("commondir"));
        Path common = link == null ? folder : resolve(folder, link);
        return common != null
                && Files.isDirectory(common.resolve("objects"))
                && Files.isDirectory(common.resolve("refs"));
    }

    private static @Nullable Path resolve(Path folder, String link) {
        try {
            return folder.resolve(link);
        } catch (InvalidPathException e) {
            return null;
        }
    }

    /** The content of a small file, without its line end; null if it is not a regular file. */
    private static @Nullable String line(Path file) throws IOException {
        if (!Files.isRegularFile(file) || Files.size(file) > LONGEST_LINK) {
            return null;
        }
        return Files.readString(file, StandardCharsets.UTF_8).stripTrailing();
    }
}
