package dev.codexmcp.control;

import dev.codexmcp.worker.RandomId;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open control socket. One thread serves all readers. Each has at most one answer in progress, and is dropped if it is too slow to read it. After each round the thread rests for a multiple of the time it has worked, so that all readers together use at most a quarter of a processor.
 */
final class ControlServer {
    /** The most readers; another one replaces the reader that has been silent longest. */
    private static final int MOST_READERS = 32;

    private static final long REST = 3;
    private static final long LONGEST_REST_NANOS = 200_000_000;

    /** How often the server checks for readers that are too slow. */
    private static final long LOOK_MILLIS = 1000;

    private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);

    private final Path socket;
    private final ServerSocketChannel listener;
    private final Selector selector;
    private final Sources sources;
    private final byte[] greeting;

    /** Tasks from other threads. */
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

    private ControlServer(
            Path socket, ServerSocketChannel listener, Selector selector, Sources sources, byte[] greeting) {
        this.socket = socket;
        this.listener = listener;
        this.selector = selector;
        this.sources = sources;
        this.greeting = greeting;
    }

    /** Opens the socket in the first suitable folder. Returns null if there is none: jobs run without it too. */
    static @Nullable ControlServer open(Sources sources, Map<String, String> environment, String version) {
        for (Path folder : SocketFolder.candidates(environment)) {
            try {
                SocketFolder.create(folder);
                SocketFolder.clean(folder);
                Optional<Path> socket = SocketFolder.newSocket(
                        folder, ProcessHandle.current().pid(), RandomId.next().substring(0, 4));
                if (socket.isPresent()) {
                    return bind(socket.get(), sources, Greeting.of(version));
                }
                LOG.info("No control socket in {}: the path is too long", folder);
            } catch (IOException | RuntimeException e) {
                LOG.info("No control socket in {}: {}", folder, e.toString());
            }
        }
        return null;
    }

    private static ControlServer bind(Path socket, Sources sources, byte[] greeting) throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            listener.bind(UnixDomainSocketAddress.of(socket));
            try {
                Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
                // Root can create files in another user's folder, which must not hold the socket.
                if (!Files.getOwner(socket, LinkOption.NOFOLLOW_LINKS)
                        .equals(Files.getOwner(socket.resolveSibling("."), LinkOption.NOFOLLOW_LINKS))) {
                    throw new IOException("the folder belongs to another user");
                }
                listener.configureBlocking(false);
                Selector selector = Selector.open();
                listener.register(selector, SelectionKey.OP_ACCEPT);
                return new ControlServer(socket, listener, selector, sources, greeting);
            } catch (IOException | RuntimeException e) {
                Files.deleteIfExists(socket);
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            listener.close();
            throw e;
        }
    }

    /** Serves until it is closed. */
    void run() {
        try {
            while (listener.isOpen()) {
                selector.select(LOOK_MILLIS);
                long began = System.nanoTime();
                round();
                LockSupport.parkNanos(Math.min(LONGEST_REST_NANOS, REST * (System.nanoTime() - began)));
            }
        } catch (IOException | RuntimeException e) {
            if (listener.isOpen()) {
                LOG.warn("The control socket has failed; jobs continue without it", e);
            }
        } finally {
            close();
        }
    }

    private void later(Runnable task) {
        tasks.add(task);
        selector.wakeup();
    }

    private void round() throws IOException {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
        for (SelectionKey key : List.copyOf(selector.selectedKeys())) {
            if (!key.isValid()) {
                continue;
            }
            if (key.attachment() instanceof Reader reader) {
                serve(reader);
            } else {
                accept();
            }
        }
        selector.selectedKeys().clear();
        long now = System.nanoTime();
        readers().stream().filter(reader -> reader.isOverdue(now)).forEach(Reader::drop);
    }

    /** A failure of one reader affects no other. */
    private static void serve(Reader reader) {
        try {
            reader.serve();
        } catch (IOException e) {
            reader.drop();
        } catch (RuntimeException | OutOfMemoryError e) {
            reader.drop();
            LOG.debug("A reader of the control socket was dropped", e);
        }
    }

    private void accept() throws IOException {
        SocketChannel channel;
        try {
            channel = listener.accept();
        } catch (IOException e) {
            if (!listener.isOpen()) {
                throw e;
            }
            LOG.debug("A connection could not be accepted, most likely for lack of file descriptors", e);
            LockSupport.parkNanos(
                    LONGEST_REST_NANOS); // the connection stays, and the selector reports it again at once
            return;
        }
        if (channel == null) {
            return;
        }
        List<Reader> readers = readers();
        if (readers.size() >= MOST_READERS) {
            readers.stream().min(Comparator.comparingLong(Reader::lastHeard)).ifPresent(Reader::drop);
        }
        try {
            channel.configureBlocking(false);
            SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
            Reader reader = new Reader(channel, key, new Answers(sources), this::later);
            key.attach(reader);
            reader.send(greeting);
        } catch (IOException | OutOfMemoryError e) {
            channel.close();
        }
    }

    private List<Reader> readers() {
        List<Reader> readers = new ArrayList<>();
        for (SelectionKey key : selector.keys()) {
            if (key.attachment() instanceof Reader reader && key.isValid()) {
                readers.add(reader);
            }
        }
        return readers;
    }

    /** Removes the socket; its readers see the end of the stream when the process ends. */
    void close() {
        try {
            Files.deleteIfExists(socket);
            listener.close();
            selector.wakeup();
        } catch (IOException | RuntimeException e) {
            LOG.debug("The control socket could not be removed", e);
        }
    }
}
