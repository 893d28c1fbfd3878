package dev.codexmcp.git;

import dev.codexmcp.git.GitException.Problem;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A folder of a working tree, reached from its root without following a link. What is done here happens in this very folder,
 * even if someone puts a link in its place meanwhile; where the system can't do that, a link is only looked for before.
 */
final class TreeFolder implements AutoCloseable {
    private final Path path;
    private final DirectoryStream<Path> stream;

    private TreeFolder(Path path, DirectoryStream<Path> stream) {
        this.path = path;
        this.stream = stream;
    }

    @SuppressWarnings("StreamResourceLeak") // closed with the folder
    private static TreeFolder root(Path root) throws IOException {
        return new TreeFolder(root, Files.newDirectoryStream(root));
    }

    /**
     * Opens a folder.
     *
     * @param folder null: the root
     * @return empty if it is missing, or if one of its names is that of a file
     * @throws GitException if one of its names is that of a link
     */
    static Optional<TreeFolder> find(Path root, @Nullable RepoPath folder) throws IOException {
        return open(root, folder, null);
    }

    /**
     * Opens a folder, and creates those that are missing.
     *
     * @param staging a path in the root where nothing is; folders are created there and then moved
     */
    static TreeFolder create(Path root, @Nullable RepoPath folder, Path staging) throws IOException {
        return open(root, folder, staging)
                .orElseThrow(() -> new GitException(Problem.FAILED, folder + " is a file, where a folder is needed."));
    }

    private static Optional<TreeFolder> open(Path root, @Nullable RepoPath folder, @Nullable Path staging)
            throws IOException {
        TreeFolder at = root(root);
        if (folder == null) {
            return Optional.of(at);
        }
        try (TreeFolder top = root(root)) {
            for (Path name : root.relativize(folder.under(root))) {
                TreeFolder above = at;
                try (above) {
                    if (staging != null && !FileCopy.exists(above.path.resolve(name))) {
                        Files.createDirectory(staging);
                        above.take(top, staging.getFileName(), name);
                    }
                    at = new TreeFolder(above.path.resolve(name), above.child(name));
                } catch (NoSuchFileException e) {
                    return Optional.empty();
                } catch (IOException e) {
                    if (Files.isRegularFile(above.path.resolve(name), LinkOption.NOFOLLOW_LINKS)) {
                        return Optional.empty();
                    }
                    throw e;
                }
            }
            return Optional.of(at);
        }
    }

    @SuppressWarnings("StreamResourceLeak") // closed with the folder
    private DirectoryStream<Path> child(Path name) throws IOException {
        if (Files.isSymbolicLink(path.resolve(name))) {
            throw new GitException(Problem.UNSAFE_PATH, path.resolve(name) + " is a symbolic link.");
        }
        return stream instanceof SecureDirectoryStream<Path> secure
                ? secure.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)
                : Files.newDirectoryStream(path.resolve(name));
    }

    /** Moves a file or an empty folder here, in place of a file of that name. */
    void take(TreeFolder from, Path staged, Path name) throws IOException {
        if (from.stream instanceof SecureDirectoryStream<Path> source
                && stream instanceof SecureDirectoryStream<Path> target) {
            source.move(staged, target, name);
        } else {
            Files.move(
                    from.path.resolve(staged),
                    path.resolve(name),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Deletes a file or link, if it exists. */
    void delete(Path name) throws IOException {
        try {
            if (stream instanceof SecureDirectoryStream<Path> secure) {
                secure.deleteFile(name);
            } else {
                Files.deleteIfExists(path.resolve(name));
            }
        } catch (NoSuchFileException e) {
            // Already gone.
        }
    }

    /** Deletes a folder, if it exists; returns false if it is not empty. */
    boolean deleteIfEmpty(Path name) throws IOException {
        try {
            if (stream instanceof SecureDirectoryStream<Path> secure) {
                secure.deleteDirectory(name);
            } else {
                Files.deleteIfExists(path.resolve(name));
            }
            return true;
        } catch (NoSuchFileException e) {
            return true;
        } catch (DirectoryNotEmptyException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }
}
