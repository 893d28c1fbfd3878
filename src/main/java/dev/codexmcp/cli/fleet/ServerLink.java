package dev.codexmcp.cli.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codexmcp.control.Greeting;
import dev.codexmcp.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** A connection to one server's control socket. Thread-safe: one request at a time. */
final class ServerLink implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper(Json.FACTORY);

    /** The longest accepted answer, in bytes: several times what a server sends. */
    private static final int LONGEST_ANSWER = 16 * 1024 * 1024;

    private final SocketChannel channel;
    private final Selector selector;
    private final SelectionKey key;
    private final long patience;
    private final ByteBuffer input = ByteBuffer.allocate(64 * 1024).flip();
    private final ServerInfo server;

    private ServerLink(SocketChannel channel, Duration patience) throws IOException {
        this.channel = channel;
        this.patience = patience.toNanos();
        this.selector = Selector.open();
        this.key = channel.register(selector, SelectionKey.OP_READ);
        this.server = ServerInfo.of(readLine());
    }

    /**
     * Connects, and reads which server this is.
     *
     * @param patience how long the server may take for each answer
     * @throws IOException if there is no server, or if it does not answer or speaks another version of the protocol
     */
    static ServerLink open(Path socket, Duration patience) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.configureBlocking(false);
            if (!channel.connect(UnixDomainSocketAddress.of(socket))) {
                throw new ServerProblem("the server takes no connections");
            }
            return new ServerLink(channel, patience);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    ServerInfo server() {
        return server;
    }

    /** Sends a request and returns the answer; one with a field {@code error} if the server could not answer it. */
    synchronized JsonNode ask(ObjectNode request) throws IOException {
        request.put("protocol", Greeting.PROTOCOL);
        ByteBuffer line = ByteBuffer.wrap((request + "\n").getBytes(StandardCharsets.UTF_8));
        long deadline = System.nanoTime() + patience;
        while (line.hasRemaining()) {
            if (channel.write(line) == 0) {
                await(SelectionKey.OP_WRITE, deadline);
            }
        }
        return readLine();
    }

    private JsonNode readLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        long deadline = System.nanoTime() + patience;
        while (true) {
            while (input.hasRemaining()) {
                byte next = input.get();
                if (next == '\n') {
                    return JSON.readTree(line.toByteArray());
                }
                line.write(next);
            }
            if (line.size() > LONGEST_ANSWER) {
                throw new ServerProblem("an answer of more than " + LONGEST_ANSWER + " bytes");
            }
            input.clear();
            int read = channel.read(input);
            input.flip();
            if (read < 0) {
                throw new EOFException("the server has ended");
            }
            if (read == 0) {
                await(SelectionKey.OP_READ, deadline);
            }
        }
    }

    private void await(int operation, long deadline) throws IOException {
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
            throw new ServerProblem("the server does not answer");
        }
        try {
            key.interestOps(operation);
            selector.select(left);
            selector.selectedKeys().clear();
        } catch (ClosedSelectorException | CancelledKeyException e) {
            throw new ClosedChannelException();
        }
    }

    @Override
    public void close() {
        try (selector) {
            channel.close();
        } catch (IOException e) {
            // Closed all the same.
        }
    }
}
