package dev.codexmcp.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.codexmcp.testkit.OrdinaryUser;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SocketFolderTest {
    @TempDir
    private Path folder;

    private Path socket(String name) {
        return SocketFolder.newSocket(folder, 1, name).orElseThrow();
    }

    private Path listeningOnce(String name) throws IOException {
        Path socket = socket(name);
        try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.bind(UnixDomainSocketAddress.of(socket));
        }
        return socket;
    }

    private static void age(Path file) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(60)));
    }

    @Test
    void prefersTheRuntimeFolderThenTheStateFolderThenThatOfHome() {
        assertThat(SocketFolder.candidates(
                        Map.of("XDG_RUNTIME_DIR", "/run/user/7", "XDG_STATE_HOME", "/state", "HOME", "/home/u")))
                .containsExactly(Path.of("/run/user/7/codex-mcp-server"), Path.of("/state/codex-mcp-server/run"));
        assertThat(SocketFolder.candidates(Map.of("XDG_RUNTIME_DIR", "relative", "HOME", "/home/u")))
                .containsExactly(Path.of("/home/u/.local/state/codex-mcp-server/run"));
        assertThat(SocketFolder.candidates(Map.of())).isEmpty();
        assertThat(SocketFolder.all(Map.of("XDG_STATE_HOME", "/state", "HOME", "/home/u")))
                .contains(Path.of("/state/codex-mcp-server/run"), Path.of("/home/u/.local/state/codex-mcp-server/run"));
    }

    @Test
    void removesTheSocketsOfKilledServersAndNoOthers() throws IOException {
        Path killed = listeningOnce("dead");
        age(killed);
        Path starting = listeningOnce("new");
        Path foreign = Files.createFile(folder.resolve("ffffffff-1-dead.sock"));
        age(foreign);
        try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.bind(UnixDomainSocketAddress.of(socket("live")));
            age(socket("live"));

            SocketFolder.clean(folder);

            assertThat(killed).doesNotExist();
            assertThat(socket("live")).exists();
        }
        assertThat(starting).exists();
        assertThat(foreign).exists();
    }

    @Test
    void makesAFolderPrivateAndRefusesALink() throws IOException {
        Path open = Files.createDirectory(folder.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
        SocketFolder.create(open);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(open)))
                .isEqualTo("rwx------");

        Path link = Files.createSymbolicLink(folder.resolve("link"), open);
        assertThatThrownBy(() -> SocketFolder.create(link)).isInstanceOf(IOException.class);
    }

    @Test
    void looksForSocketsInNoFolderOfAnotherUserAndBehindNoLink() throws IOException {
        assertThat(SocketFolder.sockets(folder)).isEmpty();
        Path socket = listeningOnce("mine");
        assertThat(SocketFolder.sockets(folder)).containsExactly(socket);

        assertThat(SocketFolder.sockets(Files.createSymbolicLink(folder.resolve("link"), folder)))
                .isEmpty();
        assertThat(SocketFolder.sockets(socket)).isEmpty();
        assumeTrue(OrdinaryUser.isAvailable(), OrdinaryUser.MISSING);
        Path given = Files.createDirectory(folder.resolve("given"));
        Files.createFile(given.resolve(socket.getFileName()));
        assertThat(SocketFolder.sockets(given)).hasSize(1);
        OrdinaryUser.give(given);
        assertThat(SocketFolder.sockets(given)).isEmpty();
    }

    @Test
    void aPathThatIsTooLongForASocketIsNotUsed() {
        assertThat(SocketFolder.newSocket(folder.resolve("x".repeat(100)), 1, "a"))
                .isEmpty();
    }
}
