package dev.codexmcp.git;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/** Restores files that a dead server has left half written. */
final class FileWriteRecovery {
    private FileWriteRecovery() {}

    /**
     * Restores what dead servers have left half written.
     *
     * @param state the servers' folder; copies of files that someone has changed since go into its subfolder "kept"
     */
    static void recover(Path state) throws IOException {
        Path kept = KeptCopies.folder(state);
        for (Path folder : OwnedFolder.abandoned(FileWrite.journals(state))) {
            try {
                if (mustBeKept(folder)) {
                    Files.move(folder, GitProgram.makePrivate(kept).resolve(folder.getFileName()));
                } else {
                    Folders.delete(folder);
                }
            } catch (IOException e) {
                LoggerFactory.getLogger(FileWriteRecovery.class)
                        .warn("Failed to restore half-written files from {}", folder, e);
            }
        }
    }

    /** Restores the files; returns whether the folder still holds the only copy of some. */
    private static boolean mustBeKept(Path folder) throws IOException {
        if (!Files.exists(folder.resolve(FileWrite.JOURNAL))) {
            return Files.exists(folder.resolve(FileWrite.WRITTEN));
        }
        FileWrite write = FileWrite.read(folder);
        return !Files.isDirectory(write.root()) || !write.putBack().isEmpty();
    }
}
