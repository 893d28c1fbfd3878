package dev.codexmcp.control;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.testkit.Polling;
import dev.codexmcp.testkit.TestJson;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A program at the other end of a control socket. */
final class SocketReader implements AutoCloseable {
    private final SocketChannel channel;
    private final BufferedReader lines;

    SocketReader(Path socket) throws IOException {
        AtomicReference<@Nullable SocketChannel> opened = new AtomicReference<>();
        // A socket exists for a moment before it takes connections.
        Polling.until("a connection to " + socket, () -> {
            opened.set(connect(socket));
            return opened.get() != null;
        });
        channel = Objects.requireNonNull(opened.get());
        lines = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
    }

    private static @Nullable SocketChannel connect(Path socket) throws IOException {
        SocketChannel opened = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            opened.connect(UnixDomainSocketAddress.of(socket));
            return opened;
        } catch (ConnectException e) {
            opened.close();
            return null;
        }
    }

    void send(String line) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** The next line; a missing node at the end. */
    JsonNode next() throws IOException {
        String line = lines.readLine();
        return line == null ? TestJson.object().path("missing") : TestJson.parse(line);
    }

    JsonNode ask(String line) throws IOException {
        send(line);
        return next();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
