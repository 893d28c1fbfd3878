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
 * A repository with a working tree. It is found by looking at files: no git runs, so that nothing in the repository can. Find it once, when
 * a worker starts: the worker may put another .git in its way.
 *
 * @param root the top of the working tree, a real path
 * @param gitDir what belongs to this working tree: index, HEAD
 * @param commonDir what all working trees of the repository share: objects, configuration; often the same folder
 */
public record Repository(Path root, Path gitDir, Path commonDir) {
    /** Longer than any path that a system takes. */
    private static final int LONGEST_LINK = 16 * 1024;

    public Repository {
        Objects.requireNonNull(root);
        Objects.requireNonNull(gitDir);
        Objects.requireNonNull(commonDir);
    }

    /**
     * The repository whose working tree the directory lies in.
     *
     * @return empty outside of one, and inside of a repository without a working tree
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

    /** What a small file holds, without its line's end; null if it is no regular file. */
    private static @Nullable String line(Path file) throws IOException {
        if (!Files.isRegularFile(file) || Files.size(file) > LONGEST_LINK) {
            return null;
        }
        return Files.readString(file, StandardCharsets.UTF_8).stripTrailing();
    }
}
