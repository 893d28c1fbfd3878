package dev.codexmcp.git;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Folders that record which server created them, so that a later one can recognize those of a dead one. */
final class OwnedFolder {
    static final String OWNER = "owner";
    private static final String UNFINISHED = ".new-";

    private OwnedFolder() {}

    /**
     * Creates a folder below {@code parent}, which is created too. Others see it only once it names its owner.
     *
     * @param name the prefix of its name
     */
    static Path create(Path parent, String name) throws IOException {
        GitProgram.makePrivate(parent);
        Path unfinished = Files.createTempDirectory(parent, UNFINISHED);
        DurableFile.write(unfinished.resolve(OWNER), bytes(ServerIdentity.ofThisProcess()));
        String suffix = unfinished.getFileName().toString().substring(UNFINISHED.length());
        return Files.move(unfinished, parent.resolve(name + "-" + suffix), StandardCopyOption.ATOMIC_MOVE);
    }

    private static byte[] bytes(ServerIdentity owner) {
        return owner.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The folders of dead servers. */
    static List<Path> abandoned(Path parent) throws IOException {
        List<Path> found = new ArrayList<>();
        if (!Files.isDirectory(parent)) {
            return found;
        }
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(parent, Files::isDirectory)) {
            for (Path folder : folders) {
                boolean finished = !folder.getFileName().toString().startsWith(UNFINISHED);
                if (finished && owner(folder).map(owner -> !owner.mayBeAlive()).orElse(false)) {
                    found.add(folder);
                }
            }
        }
        found.sort(null);
        return found;
    }

    static Optional<ServerIdentity> owner(Path folder) throws IOException {
        Path file = folder.resolve(OWNER);
        return Files.isRegularFile(file) ? ServerIdentity.parse(Files.readString(file)) : Optional.empty();
    }
}
