package dev.codexmcp.git;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/**
 * Copies and compares files as git sees them: regular files with their executable bit, and symbolic links, never
 * followed.
 */
final class FileCopy {
    private FileCopy() {}

    /** Copies a file or link with its times and permissions. */
    static void copy(Path source, Path target) throws IOException {
        Files.copy(
                source,
                target,
                StandardCopyOption.COPY_ATTRIBUTES,
                StandardCopyOption.REPLACE_EXISTING,
                LinkOption.NOFOLLOW_LINKS);
    }

    /** Whether anything exists there, even a dangling link. */
    static boolean exists(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    /** Whether a file or link exists there. */
    static boolean isThere(Path path) {
        return isFile(path) || Files.isSymbolicLink(path);
    }

    /** Whether both exist with the same type and content. */
    static boolean same(Path one, Path other) throws IOException {
        if (Files.isSymbolicLink(one) && Files.isSymbolicLink(other)) {
            return Files.readSymbolicLink(one).equals(Files.readSymbolicLink(other));
        }
        return isFile(one)
                && isFile(other)
                && Files.isExecutable(one) == Files.isExecutable(other)
                && Files.mismatch(one, other) < 0;
    }

    /**
     * Restricts reading and writing of {@code target} to those allowed for {@code source}; keeps its executable bit.
     */
    static void takeAccess(Path source, Path target) throws IOException {
        if (!isFile(source) || !isFile(target)) {
            return;
        }
        PosixFileAttributeView from = Files.getFileAttributeView(source, PosixFileAttributeView.class);
        if (from == null) {
            return;
        }
        boolean executable = Files.isExecutable(target);
        Set<PosixFilePermission> access = EnumSet.noneOf(PosixFilePermission.class);
        for (PosixFilePermission permission : from.readAttributes().permissions()) {
            String name = permission.name();
            if (!name.endsWith("EXECUTE")) {
                access.add(permission);
            }
            if (executable && name.endsWith("READ")) {
                access.add(PosixFilePermission.valueOf(name.replace("READ", "EXECUTE")));
            }
        }
        Files.setPosixFilePermissions(target, access);
    }

    private static boolean isFile(Path path) {
        return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
    }
}
