package dev.codexmcp.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Makes and deletes the folders of tests. */
public final class ScratchFolders {

    private ScratchFolders() {}

    /** An empty folder: created if it is missing, emptied if it exists. */
    public static Path fresh(Path directory) {
        Path absolute = directory.toAbsolutePath().normalize();
        deleteTree(absolute);
        try {
            return Files.createDirectories(absolute);
        } catch (IOException e) {
            throw new UncheckedIOException("no folder can be made at " + absolute, e);
        }
    }

    /** Deletes a folder and its contents, if it exists. Links are deleted, not followed. */
    public static void deleteTree(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + directory, e);
        }
    }
}
