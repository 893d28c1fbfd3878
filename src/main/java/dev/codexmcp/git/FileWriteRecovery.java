package dev.codexmcp.git;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/** What a server does about files that a dead one has left half written. */
final class FileWriteRecovery {
    private FileWriteRecovery() {}

    /**
     * Puts back what dead servers have left half written.
     *
     * @param state the folder of the servers; copies of files that somebody has changed since go into its folder "kept"
     */
    static void recover(Path state) throws IOException {
        Path kept = state.resolve("kept");
        for (Path folder : OwnedFolder.abandoned(FileWrite.journals(state))) {
            try {
                if (mustBeKept(folder)) {
                    Files.move(folder, GitProgram.makePrivate(kept).resolve(folder.getFileName()));
                } else {
                    Folders.delete(folder);
                }
            } catch (IOException e) {
                LoggerFactory.getLogger(FileWriteRecovery.class)
                        .warn("Files half written from {} could not be put back", folder, e);
            }
        }
    }

    /** Puts back what was half written; whether there are copies left of what is nowhere else. */
    private static boolean mustBeKept(Path folder) throws IOException {
        if (!Files.exists(folder.resolve(FileWrite.JOURNAL))) {
            return Files.exists(folder.resolve(FileWrite.WRITTEN));
        }
        FileWrite write = FileWrite.read(folder);
        return !Files.isDirectory(write.root()) || !write.putBack().isEmpty();
    }
}
