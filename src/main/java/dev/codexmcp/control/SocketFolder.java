package dev.codexmcp.control;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The folder with the control sockets of one user. A socket is named {@code HOST-PID-RANDOM.sock}, with a hash in place of the
 * machine's name: the folder may be shared between machines, and only the sockets of this one can be opened.
 */
public final class SocketFolder {
    private static final String NAME = "codex-mcp-server";
    private static final String SUFFIX = ".sock";

    /** The longest path that a socket can have, in bytes: 108 on Linux and 104 on macOS, with the terminating zero. */
    private static final int LONGEST = 103;

    /** A socket that refuses connections and is older than this, in milliseconds, has lost its server. */
    private static final long SETTLED_MILLIS = 10_000;

    private static final Set<PosixFilePermission> PRIVATE_FOLDER = PosixFilePermissions.fromString("rwx------");

    private SocketFolder() {}

    /** The folders in which a server with this environment may put its socket, in order of preference. */
    static List<Path> candidates(Map<String, String> environment) {
        List<Path> folders = new ArrayList<>();
        absolute(environment.get("XDG_RUNTIME_DIR")).ifPresent(runtime -> folders.add(runtime.resolve(NAME)));
        state(environment).ifPresent(folders::add);
        return folders;
    }

    private static Optional<Path> state(Map<String, String> environment) {
        return absolute(environment.get("XDG_STATE_HOME"))
                .or(() -> absolute(environment.get("HOME")).map(home -> home.resolve(".local/state")))
                .map(state -> state.resolve(NAME).resolve("run"));
    }

    private static Optional<Path> absolute(@Nullable String value) {
        return value == null || !value.startsWith("/") ? Optional.empty() : Optional.of(Path.of(value));
    }

    /**
     * Where the sockets of this user's servers may be. A host may have started a server without the variables that decide where
     * its socket is, so this also looks where the socket is without them.
     */
    public static Set<Path> all(Map<String, String> environment) {
        Set<Path> folders = new LinkedHashSet<>(candidates(environment));
        absolute(environment.get("HOME"))
                .ifPresent(home ->
                        folders.add(home.resolve(".local/state").resolve(NAME).resolve("run")));
        try {
            Object user = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
            folders.add(Path.of("/run/user/" + user).resolve(NAME));
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            // Not Linux.
        }
        return folders;
    }

    /**
     * Creates the folder, for this user alone.
     *
     * @throws IOException if it is not a folder, or cannot be made private
     */
    static void create(Path folder) throws IOException {
        Path parent = folder.getParent();
        if (parent != null) {
            Files.createDirectories(parent, PosixFilePermissions.asFileAttribute(PRIVATE_FOLDER));
        }
        try {
            Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(PRIVATE_FOLDER));
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                throw new IOException(folder + " is not a folder", e);
            }
        }
        // Fails for a folder of another user.
        Files.setPosixFilePermissions(folder, PRIVATE_FOLDER);
    }

    /** A new socket's path, at most {@link #LONGEST} bytes long. */
    static Optional<Path> newSocket(Path folder, long pid, String random) {
        Path socket = folder.resolve(machine() + "-" + pid + "-" + random + SUFFIX);
        return socket.toString().getBytes(StandardCharsets.UTF_8).length <= LONGEST
                ? Optional.of(socket)
                : Optional.empty();
    }

    /** The sockets of this machine in a folder; none if the folder cannot be read, or another user might have put them there. */
    public static List<Path> sockets(Path folder) {
        List<Path> found = new ArrayList<>();
        if (!isOwn(folder)) {
            return found;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, machine() + "-*" + SUFFIX)) {
            files.forEach(found::add);
        } catch (IOException | RuntimeException e) {
            return List.of();
        }
        found.sort(null);
        return found;
    }

    private static boolean isOwn(Path folder) {
        try {
            Path self = Path.of("/proc/self"); // belongs to the user of this process
            UserPrincipal owner = Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS);
            return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                    && (Files.exists(self)
                            ? owner.equals(Files.getOwner(self))
                            : owner.getName().equals(System.getProperty("user.name")));
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    /** Removes the sockets that killed servers have left. */
    public static void clean(Path folder) {
        for (Path socket : sockets(folder)) {
            try {
                if (isSettled(socket) && isRefused(socket)) {
                    Files.deleteIfExists(socket);
                }
            } catch (IOException e) {
                // The next server tries again.
            }
        }
    }

    /** A server's socket exists for a moment before it takes connections. */
    private static boolean isSettled(Path socket) throws IOException {
        return System.currentTimeMillis()
                        - Files.getLastModifiedTime(socket, LinkOption.NOFOLLOW_LINKS)
                                .toMillis()
                > SETTLED_MILLIS;
    }

    private static boolean isRefused(Path socket) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.configureBlocking(false); // a server that does not accept must not hold this one up
            channel.connect(UnixDomainSocketAddress.of(socket));
            return false;
        } catch (ConnectException e) {
            return true;
        }
    }

    private static String machine() {
        String name;
        try {
            name = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException e) {
            name = "local";
        }
        return HexFormat.of().toHexDigits(name.hashCode());
    }
}
