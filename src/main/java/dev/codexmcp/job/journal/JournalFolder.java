package dev.codexmcp.job.journal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.codexmcp.job.PastJob;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journals of one user's servers, one file per server. Only their owner can read them.
 *
 * <p>A running server holds a lock on its file. The system drops that lock as soon as the server closes the file, even if
 * it had opened it only to read, so a server never searches its own.
 */
final class JournalFolder {
    private static final Logger log = LoggerFactory.getLogger(JournalFolder.class);
    private static final String SUFFIX = ".jsonl";

    /** How long the journal of a dead server is kept. */
    private static final Duration KEPT = Duration.ofDays(30);

    /** How much is searched, newest journals first, in bytes. */
    private static final long MOST_SEARCHED = 64L * 1024 * 1024;

    private final Path path;
    private volatile @Nullable Path own;

    /** @param path created with the first journal */
    JournalFolder(Path path) {
        this.path = path;
    }

    /** Creates and locks this server's journal, and removes old ones of dead servers. */
    FileChannel create() throws IOException {
        Files.createDirectories(
                path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        removeOld();
        Path file = path.resolve(UUID.randomUUID() + SUFFIX);
        own = file;
        FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.APPEND),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            if (channel.tryLock() == null) {
                log.debug("The journal is locked by another process");
            }
        } catch (IOException e) {
            log.debug("The journal can't be locked, so it counts as that of a dead server", e);
        }
        return channel;
    }

    private void removeOld() {
        FileTime limit = FileTime.from(Instant.now().minus(KEPT));
        for (Path file : newestFirst()) {
            try {
                if (modified(file).compareTo(limit) < 0 && !isLocked(file)) {
                    Files.deleteIfExists(file);
                }
            } catch (IOException e) {
                log.debug("An old journal can't be removed", e);
            }
        }
    }

    /** Whether the server that writes this journal is running, as far as the lock shows. */
    private static boolean isLocked(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            FileLock lock = channel.tryLock();
            return lock == null;
        } catch (IOException e) {
            return false;
        }
    }

    private List<Path> newestFirst() {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(path, "*" + SUFFIX)) {
            for (Path file : found) {
                if (!file.equals(own) && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    files.add(file);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            return List.of(); // none so far, or not ours to read
        }
        Map<Path, FileTime> times = new HashMap<>();
        files.forEach(file -> times.put(file, modified(file)));
        files.sort(Comparator.comparing(times::get).reversed());
        return files;
    }

    private static FileTime modified(Path file) {
        try {
            return Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            return FileTime.fromMillis(0);
        }
    }

    /** The newest job with this value of a field, in any journal but our own. */
    Optional<PastJob> last(String field, String value) {
        if (value.isBlank() || value.indexOf('"') >= 0 || value.indexOf('\\') >= 0) {
            return Optional.empty(); // escaped in the file, so a search for it would fail
        }
        long searched = 0;
        Optional<PastJob> last = Optional.empty();
        for (Path file : newestFirst()) {
            try {
                searched += Files.size(file);
                if (searched > MOST_SEARCHED) {
                    return last;
                }
                Optional<PastJob> found = last(file, field, value);
                if (found.isPresent()
                        && (last.isEmpty()
                                || found.get().startedAt() > last.get().startedAt())) {
                    last = found;
                }
            } catch (IOException | UncheckedIOException e) {
                log.debug("A journal can't be read", e);
            }
        }
        return last;
    }

    private static Optional<PastJob> last(Path file, String field, String value) throws IOException {
        JsonNode last = MissingNode.getInstance();
        boolean ended = false;
        // Decoded leniently: a damaged line must not hide the others.
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String jobId = last.path("jobId").asText();
                if (!line.contains(value) && (jobId.isEmpty() || !line.contains(jobId))) {
                    continue;
                }
                JsonNode read = JournalLine.read(line);
                if (JournalLine.isEnd(read)) {
                    ended |= read.path("jobId").asText().equals(jobId);
                } else if (read.path(field).asText().equals(value)
                        && JournalLine.job(read, false).isPresent()) {
                    last = read;
                    ended = false;
                }
            }
        }
        return JournalLine.job(last, !last.isMissingNode() && !ended && isLocked(file));
    }
}
