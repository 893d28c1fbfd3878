package dev.codexmcp.install.edit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A configuration file as read.
 *
 * @param file the file itself, with symbolic links resolved
 * @param text empty if the file does not exist
 */
public record ConfigFile(Path file, boolean existed, String text) {
    private static final int LINKS = 40;

    /** Reads the file, following symbolic links. It need not exist yet. */
    public static ConfigFile read(Path named) {
        Path file = followed(named);
        if (!Files.exists(file)) {
            return new ConfigFile(file, false, "");
        }
        if (!Files.isRegularFile(file)) {
            throw new RefusedException(file + " is not a file");
        }
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
            return new ConfigFile(
                    file,
                    true,
                    StandardCharsets.UTF_8.newDecoder().decode(bytes).toString());
        } catch (CharacterCodingException e) {
            throw new RefusedException(file + " is not UTF-8 and stays unchanged: convert it, then run this again.");
        } catch (IOException e) {
            throw new RefusedException("cannot read " + file + ": " + reason(e));
        }
    }

    /** Resolves symbolic links: those of the file and, if its folder exists, those in its path. */
    private static Path followed(Path named) {
        Path file = named.toAbsolutePath();
        try {
            for (int links = 0; Files.isSymbolicLink(file); links++) {
                if (links == LINKS) {
                    throw new RefusedException(named + " is a symbolic link that leads back to itself");
                }
                file = file.resolveSibling(Files.readSymbolicLink(file));
                if (!Files.isDirectory(folder(file))) {
                    throw new RefusedException(
                            named + " is a symbolic link to " + file
                                    + ", whose folder does not exist. Create the folder or remove the link; nothing was changed.");
                }
            }
            Path folder = folder(file);
            return Files.isDirectory(folder) ? folder.toRealPath().resolve(file.getFileName()) : file;
        } catch (IOException e) {
            throw new RefusedException("cannot read the link " + named + ": " + reason(e));
        }
    }

    private static Path folder(Path file) {
        Path folder = file.getParent();
        if (folder == null) {
            throw new RefusedException(file + " is not a file");
        }
        return folder;
    }

    /** Throws if the file has changed since it was read. */
    public void requireUnchanged() {
        if (!read(file).equals(this)) {
            throw new RefusedException(file + " has just been changed by another program; run this again");
        }
    }

    /**
     * Replaces the file atomically. Keeps its mode and, if the system permits, its owner.
     *
     * @return the folders created for it, innermost first
     */
    public List<Path> replace(String newText) {
        try {
            List<Path> created = createFolders(folder(file));
            Path part = Files.createTempFile(folder(file), ".codex-mcp-server-", ".part");
            try {
                try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
                    ByteBuffer bytes = StandardCharsets.UTF_8.encode(newText);
                    while (bytes.hasRemaining()) {
                        channel.write(bytes);
                    }
                    channel.force(true);
                }
                copyRights(part);
                try {
                    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
                } catch (AtomicMoveNotSupportedException e) {
                    Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
                }
            } finally {
                Files.deleteIfExists(part);
            }
            return created;
        } catch (IOException e) {
            throw new RefusedException("cannot write " + file + ": " + reason(e) + ". The file is unchanged.");
        }
    }

    private void copyRights(Path part) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(part, PosixFileAttributeView.class);
        if (view == null) {
            return;
        }
        if (!Files.exists(file)) {
            view.setPermissions(PosixFilePermissions.fromString("rw-r--r--"));
            return;
        }
        PosixFileAttributes rights = Files.readAttributes(file, PosixFileAttributes.class);
        try {
            view.setGroup(rights.group());
            view.setOwner(rights.owner());
        } catch (FileSystemException e) {
            // Only root may change the owner, so another user becomes the owner of the new file.
        }
        view.setPermissions(rights.permissions());
    }

    /** Removes the file, and those of the folders that are then empty. */
    public void delete(List<Path> folders) {
        try {
            Files.deleteIfExists(file);
            for (Path folder : folders) {
                if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS) && isEmpty(folder)) {
                    Files.delete(folder);
                }
            }
        } catch (IOException e) {
            throw new RefusedException("cannot remove " + file + ": " + reason(e));
        }
    }

    static boolean isEmpty(Path folder) throws IOException {
        try (var entries = Files.newDirectoryStream(folder)) {
            return !entries.iterator().hasNext();
        }
    }

    /** Creates a folder and its missing parents; returns the folders created, innermost first. */
    static List<Path> createFolders(Path folder) throws IOException {
        List<Path> missing = new ArrayList<>();
        for (Path next = folder; next != null && !Files.exists(next); next = next.getParent()) {
            missing.add(next);
        }
        Files.createDirectories(folder);
        return missing;
    }

    static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        String reason = e instanceof FileSystemException system ? system.getReason() : e.getMessage();
        return Optional.ofNullable(reason).orElse(e.getClass().getSimpleName());
    }
}
