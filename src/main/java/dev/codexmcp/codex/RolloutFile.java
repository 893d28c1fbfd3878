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
 * Tracks the tokens used by a running job, as recorded in its thread's rollout file. After each model response the CLI
 * appends a {@code token_count} line with the thread's totals. For a resumed or forked thread they include earlier
 * usage, which is subtracted here.
 *
 * <p>Call {@link #poll} periodically to update the usage. Each byte is read once. A replaced or truncated file is read
 * again from the start; an unreadable or invalid one changes nothing. Not thread-safe.
 */
public final class RolloutFile {
    /** The most that one poll reads, in bytes. */
    static final int MOST_A_POLL = 16 * 1024 * 1024;

    /** The longest line examined, in bytes: a {@code token_count} line is shorter than 2 KiB. */
    private static final int LONGEST = 16 * 1024;

    /** The size of one read, in bytes. */
    private static final int PIECE = 64 * 1024;

    /** The type is searched for in this many bytes of a line. */
    private static final int HEAD = 256;

    private static final byte[] TOKEN_COUNT = "\"token_count\"".getBytes(StandardCharsets.US_ASCII);

    private final SessionFiles files;
    private final String threadId;
    private final Instant startedAt;
    private Instant endedAt = Instant.MAX;

    private @Nullable Path file;
    private @Nullable Object key;
    private long position;

    /** From this many misses on, the file is searched for only when their number is a power of two. */
    private static final int MOST_MISSES = 16;

    /** How many polls have not found the file. All folders are searched when this is a power of two. */
    private int misses;

    private final byte[] line = new byte[LONGEST];
    private int lineLength;
    private boolean lineTooLong;

    /** The thread's usage when the job started. */
    private @Nullable TokenUsage baseline;

    private TokenUsage before = TokenUsage.NONE;
    private boolean seenBefore;
    private @Nullable TokenUsage total;

    /**
     * Does not read the file yet.
     *
     * @param startedAt when the worker was started; earlier usage is not the job's
     */
    public RolloutFile(SessionFiles files, String threadId, Instant startedAt) {
        this.files = files;
        this.threadId = threadId;
        this.startedAt = startedAt;
    }

    /** The job has ended: what other jobs add to the thread afterwards is not the job's. */
    public void ended(Instant at) {
        endedAt = at;
    }

    /** Reads what was added since the last poll. Costs a single {@code stat} if nothing was. */
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

    /** The job's usage so far; empty until the file contains any. */
    public Optional<TokenUsage> usage() {
        return total == null || baseline == null ? Optional.empty() : Optional.of(total.since(baseline));
    }

    /** The thread's usage before the job; empty until known. */
    public Optional<TokenUsage> baseline() {
        return Optional.ofNullable(baseline);
    }

    private @Nullable Path find() {
        misses++;
        boolean rare = Integer.bitCount(misses) == 1;
        if (misses > MOST_MISSES && !rare) {
            return null; // a folder may hold thousands of files
        }
        Optional<Path> found = files.find(threadId);
        if (found.isEmpty() && rare) {
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
        if (count.written().map(time -> time.isAfter(endedAt)).orElse(false)) {
            return;
        }
        if (count.written().map(time -> time.isBefore(startedAt)).orElse(false)) {
            before = count.total();
            seenBefore = true;
            return;
        }
        if (baseline == null) {
            // A forked thread's file starts at the fork, but its totals include the parent's usage.
            baseline = seenBefore ? before : count.total().since(count.last());
        }
        total = count.total();
    }
}
