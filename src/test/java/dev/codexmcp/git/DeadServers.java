package dev.codexmcp.git;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Makes what this process has on disk belong to a server that was killed. */
final class DeadServers {
    private DeadServers() {}

    /** Every folder below that names its owner belongs to a process that is gone. */
    static void own(Path state) throws IOException {
        ServerIdentity self = ServerIdentity.ofThisProcess();
        ServerIdentity dead = new ServerIdentity(self.host(), self.boot(), 1, 1);
        try (Stream<Path> files = Files.walk(state)) {
            for (Path owner :
                    files.filter(file -> file.endsWith(OwnedFolder.OWNER)).toList()) {
                Files.writeString(owner, dead.toString());
            }
        }
    }
}
