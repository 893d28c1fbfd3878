package dev.codexmcp.codex;

import dev.codexmcp.json.ByteSlice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How many tokens a job has used so far, read off the rollout file of its thread while it runs. The CLI adds a {@code
 * token_count} line after each response of the model, with the totals of the thread: of a resumed or forked thread they
 * include what came before, which is subtracted here.
 *
 * <p>Whoever wants to know calls {@link #poll} now and then. Each byte is read once. A file that was replaced or cut is read
 * anew; one that can't be read, or makes no sense, changes nothing. Not thread-safe.
 */
public final class RolloutFile {
    /** How much one poll reads, in bytes: the rest is left to the next. */
    static final int MOST_A_POLL = 16 * 1024 * 1024;

    /** The longest line that is looked at, in bytes: a {@code token_count} has less than 2 KiB. */
    private static final int LONGEST = 16 * 1024;

    /** How much is read at once, in bytes. */
    private static final int PIECE = 64 * 1024;

    /** Where in its line the type stands that is looked for. */
    private static final int HEAD = 256;

    private static final byte[] TOKEN_COUNT = "\"token_count\"".getBytes(StandardCharsets.US_ASCII);

    private final SessionFiles files;
    private final String threadId;
    private final Instant startedAt;

    private @Nullable Path file;
    private @Nullable Object key;
    private long position;

    /** How many polls have not found the file; it is searched for in all folders at the powers of two. */
    private int misses;

    private final byte[] line = new byte[LONGEST];
    private int lineLength;
    private boolean lineTooLong;

    /** What the thread had used when the job started. */
    private @Nullable TokenUsage baseline;

    private TokenUsage before = TokenUsage.NONE;
    private boolean seenBefore;
    private @Nullable TokenUsage total;

    /**
     * Reads nothing yet.
     *
     * @param startedAt when the worker was started: what the file says of earlier times is not the job's
     */
    public RolloutFile(SessionFiles files, String threadId, Instant startedAt) {
        this.files = files;
        this.threadId = threadId;
        this.startedAt = startedAt;
    }

    /** Reads what has come since the last time. A single {@code stat} if that is nothing. */
    public void poll() {
        Path found = file == null ? find() : file;
        if (found == null) {
            return;
        }
        try {
            read(found);
            file = found;
        } catch (IOException e) {
            file = null; // moved or removed
            key = null;
            startAnew();
        }
    }

    /** What the job has used; empty until the file says something about it. */
    public Optional<TokenUsage> usage() {
        return total == null || baseline == null ? Optional.empty() : Optional.of(total.since(baseline));
    }

    /** What the thread had used before the job; empty until it is known. */
    public Optional<TokenUsage> baseline() {
        return Optional.ofNullable(baseline);
    }

    private @Nullable Path find() {
        Optional<Path> found = files.find(threadId);
        if (found.isEmpty() && Integer.bitCount(++misses) == 1) {
            found = files.search(threadId);
        }
        return found.orElse(null);
    }

    private void read(Path from) throws IOException {
        BasicFileAttributes now = Files.readAttributes(from, BasicFileAttributes.class);
        Object newKey = now.fileKey();
        if ((key != null && !key.equals(newKey)) || now.size() < position) {
            startAnew();
        }
        key = newKey;
        if (now.size() == position) {
            return;
        }
        try (SeekableByteChannel channel = Files.newByteChannel(from)) {
            channel.position(position);
            ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(PIECE, now.size() - position));
            for (int read = 0; read < MOST_A_POLL; ) {
                int count = channel.read(buffer.clear());
                if (count < 0) {
                    return;
                }
                take(buffer.array(), count);
                position += count;
                read += count;
            }
        }
    }

    private void startAnew() {
        position = 0;
        lineLength = 0;
        lineTooLong = false;
        before = TokenUsage.NONE;
        seenBefore = false;
    }

    private void take(byte[] bytes, int length) {
        int start = 0;
        for (int i = 0; i < length; i++) {
            if (bytes[i] == '\n') {
                append(bytes, start, i);
                if (!lineTooLong) {
                    line();
                }
                lineLength = 0;
                lineTooLong = false;
                start = i + 1;
            }
        }
        append(bytes, start, length);
    }

    private void append(byte[] bytes, int from, int to) {
        if (lineTooLong || to - from > LONGEST - lineLength) {
            lineTooLong = true;
        } else {
            System.arraycopy(bytes, from, line, lineLength, to - from);
            lineLength += to - from;
        }
    }

    private void line() {
        if (holdsTokenCount()) {
            UsageLines.count(new ByteSlice(line, 0, lineLength)).ifPresent(this::count);
        }
    }

    private boolean holdsTokenCount() {
        int end = Math.min(lineLength, HEAD) - TOKEN_COUNT.length;
        for (int i = 0; i <= end; i++) {
            if (line[i] == '"' && Arrays.equals(line, i, i + TOKEN_COUNT.length, TOKEN_COUNT, 0, TOKEN_COUNT.length)) {
                return true;
            }
        }
        return false;
    }

    private void count(UsageLines.Count count) {
        if (count.written().map(time -> time.isBefore(startedAt)).orElse(false)) {
            before = count.total();
            seenBefore = true;
            return;
        }
        if (baseline == null) {
            // A forked thread's file begins at the fork, but its totals include the parent's.
            baseline = seenBefore ? before : count.total().since(count.last());
        }
        total = count.total();
    }
}
