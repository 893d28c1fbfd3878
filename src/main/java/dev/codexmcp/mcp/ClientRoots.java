package dev.codexmcp.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.json.Json;
import dev.codexmcp.json.Utf8Buffer;
import dev.codexmcp.mcp.jsonrpc.IncomingMessage;
import dev.codexmcp.mcp.stdio.LineWriter;
import dev.codexmcp.tool.DefaultFolder;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The client's roots: the folders in which its user works. A client that has them is asked at the start and whenever they change; its
 * answer moves the workers there, unless the server was started there anyway. Thread-safe.
 */
final class ClientRoots implements DefaultFolder {
    /** How long a spawn waits for an answer, at most, in milliseconds. Only one does, if the client gives none. */
    private static final long PATIENCE_MILLIS = 1000;

    private static final String ID = "roots-";

    /** A file of this machine. */
    private static final Pattern FILE = Pattern.compile("file:(?://(?:localhost)?)?(/.*)", Pattern.CASE_INSENSITIVE);

    private final LineWriter writer;
    private final Path own;

    // Guarded by this.
    private int asked;
    private boolean expected;
    private Optional<String> folder = Optional.empty();

    /** @param own the server's folder, absolute */
    ClientRoots(LineWriter writer, Path own) {
        this.writer = writer;
        this.own = own;
    }

    /** Asks the client, which has said that it has roots. */
    synchronized void ask() {
        asked++;
        expected = true;
        Utf8Buffer line = new Utf8Buffer(64);
        Json.write(line, json -> {
            json.writeStartObject();
            json.writeStringField("jsonrpc", "2.0");
            json.writeStringField("id", ID + asked);
            json.writeStringField("method", "roots/list");
            json.writeEndObject();
        });
        writer.send(line.append("\n").toByteArray());
    }

    /** Takes the answer to the last question; others are ignored. */
    void answered(IncomingMessage.Response response) {
        Optional<String> found = folder(response.result().path("roots"));
        synchronized (this) {
            if (response.id().asText().equals(ID + asked)) {
                folder = found;
                expected = false;
                notifyAll();
            }
        }
    }

    @Override
    public synchronized Optional<String> get() {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
        try {
            for (long left = end - System.nanoTime(); expected && left > 0; left = end - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the call has been cancelled
        }
        expected = false;
        return folder;
    }

    /** The first root that is a folder, unless the server's own folder is within one. */
    private Optional<String> folder(JsonNode roots) {
        List<Path> folders = new ArrayList<>();
        for (JsonNode root : roots) {
            path(root.path("uri").asText()).filter(Files::isDirectory).ifPresent(folders::add);
        }
        return folders.stream().anyMatch(own::startsWith)
                ? Optional.empty()
                : folders.stream().map(Path::toString).findFirst();
    }

    /** The file of a URI. Some clients put a path into it as it is, with blanks and letters that a URI does not allow. */
    private static Optional<Path> path(String uri) {
        Matcher parts = FILE.matcher(uri);
        try {
            return parts.matches()
                    ? Optional.of(Path.of(decoded(parts.group(1))).normalize())
                    : Optional.empty();
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private static String decoded(String path) {
        try {
            return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return path; // a percent sign that stands for itself
        }
    }
}
