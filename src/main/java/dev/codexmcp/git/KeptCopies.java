package dev.codexmcp.git;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.slf4j.LoggerFactory;

/**
 * The copies of the files that restores have replaced, and those that a recovery could not put back: a folder for each. They
 * are deleted after {@link #DAYS}, the oldest earlier if all together take more than {@link #MOST_BYTES}, but none within a
 * day.
 */
public final class KeptCopies {
    /** How long they are kept. */
    public static final int DAYS = 30;

    /** How much they may take before older ones go earlier. */
    public static final long MOST_BYTES = 1_000_000_000;

    private static final Duration AT_LEAST = Duration.ofDays(1);

    private KeptCopies() {}

    /**
     * The copies of one restore.
     *
     * @param made when
     * @param bytes their size
     */
    public record Copies(Path folder, Instant made, long bytes) {
        public Copies {
            Objects.requireNonNull(folder);
            Objects.requireNonNull(made);
        }
    }

    static Path folder(Path state) {
        return state.resolve("kept");
    }

    /** All copies in this state folder, newest first. */
    public static List<Copies> list(Path state) throws IOException {
        List<Copies> found = new ArrayList<>();
        if (!Files.isDirectory(folder(state))) {
            return found;
        }
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(folder(state), Files::isDirectory)) {
            for (Path folder : folders) {
                found.add(new Copies(folder, Files.getLastModifiedTime(folder).toInstant(), size(folder)));
            }
        }
        found.sort(Comparator.comparing(Copies::made).reversed());
        return found;
    }

    private static long size(Path folder) throws IOException {
        long[] bytes = new long[1];
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                bytes[0] += attributes.size();
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) {
                return FileVisitResult.CONTINUE; // just deleted, or unreadable
            }
        });
        return bytes[0];
    }

    /** Deletes those that have been kept long enough. */
    static void clean(Path state, Instant now, long mostBytes) throws IOException {
        long together = 0;
        for (Copies copies : list(state)) {
            together += copies.bytes();
            Duration age = Duration.between(copies.made(), now);
            if (age.toDays() >= DAYS || (together > mostBytes && age.compareTo(AT_LEAST) > 0)) {
                try {
                    Folders.delete(copies.folder());
                } catch (IOException e) {
                    LoggerFactory.getLogger(KeptCopies.class).debug("{} stays", copies.folder(), e);
                }
            }
        }
    }
}
