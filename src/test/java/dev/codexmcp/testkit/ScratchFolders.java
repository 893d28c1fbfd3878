package dev.codexmcp.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** ScratchFolders for tests. */
public final class ScratchFolders {

    private ScratchFolders() {}

    /** An empty folder: made where it is missing, emptied where it is there. */
    public static Path fresh(Path directory) {
        Path absolute = directory.toAbsolutePath().normalize();
        deleteTree(absolute);
        try {
            return Files.createDirectories(absolute);
        } catch (IOException e) {
            throw new UncheckedIOException("no folder can be made at " + absolute, e);
        }
    }

    /** Deletes a folder with all that is in it, if it is there. Links are deleted, not followed. */
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
