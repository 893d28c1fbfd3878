package dev.codexmcp.git;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * Detects that a file has changed, without reading it.
 *
 * @param exists whether it is a regular file
 * @param key the file system's key for it, if any
 */
record FileStamp(
        boolean exists,
        FileTime modified,
        long size,
        @Nullable Object key) {
    static FileStamp of(Path file) throws IOException {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new FileStamp(
                    attributes.isRegularFile(), attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
        } catch (NoSuchFileException e) {
            return new FileStamp(false, FileTime.fromMillis(0), 0, null);
        }
    }
}
