package dev.codexmcp.job.log;

import dev.codexmcp.codex.event.EventWriter;
import dev.codexmcp.json.ByteSlice;
import dev.codexmcp.json.JsonStringStream;
import dev.codexmcp.json.Utf8Buffer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/** A page of a log's events, {@code {"nextCursor":"…","done":…,"events":[…]}}, written in one pass. What the next call needs comes first: some hosts cut answers. */
public final class EventPage {
    /** No page exceeds this many bytes, whatever is requested; the next one continues where it ends. */
    private static final long MOST_BYTES = 64L * 1024 * 1024;

    /** The bytes of an event beyond its line's values, some of them escaped. */
    private static final long EVENT_OVERHEAD = 110;

    /** The bytes of a page around its events, at most. */
    private static final int FRAME = "{\"nextCursor\":\"2147483647\",\"done\":false,\"events\":[]}".length();

    /** Room for what stands before the events, which is known only after them: as many bytes as it takes with all quotes escaped. */
    private static final int HEAD = FRAME + 8;

    private EventPage() {}

    /** The page as the content of a JSON string, escaped while written to avoid a copy. */
    public static ByteSlice escaped(EventLog log, EventQuery query, EventWording wording) {
        LogReader reader = log.reader();
        Utf8Buffer buffer = new Utf8Buffer(capacity(reader, query));
        JsonStringStream text = new JsonStringStream(buffer);
        return new Maker(reader, query, wording, buffer, text, text::written).make(EventPage::escape);
    }

    /** The page as JSON. */
    public static ByteSlice plain(EventLog log, EventQuery query, EventWording wording) {
        Utf8Buffer buffer = new Utf8Buffer(4 * 1024);
        return new Maker(log.reader(), query, wording, buffer, buffer, () -> buffer.length() - HEAD).make(head -> head);
    }

    private static byte[] escape(byte[] ascii) {
        Utf8Buffer escaped = new Utf8Buffer(HEAD);
        new JsonStringStream(escaped).write(ascii, 0, ascii.length);
        return escaped.toByteArray();
    }

    /** An upper bound of the page's size: growing a buffer costs more than filling it. */
    private static int capacity(LogReader reader, EventQuery query) {
        int from = Math.min(query.cursor(), reader.size());
        int to = (int) Math.min((long) from + query.maxEvents(), reader.size());
        long lines = reader.lengthOf(from, to);
        long wanted = lines + lines / 4 + (to - from) * EVENT_OVERHEAD + 1024;
        long most = Math.min(query.maxBytes(), MOST_BYTES);
        return (int) Math.min(wanted, most + most / 4 + 1024);
    }

    private static final class Maker {
        private final LogReader reader;
        private final EventQuery query;
        private final EventWording wording;
        private final Utf8Buffer buffer;
        private final OutputStream text;
        private final LongSupplier written;
        private final EventWriter writer;
        private final long limit;
        private int count;

        /**
         * @param text writes to {@code buffer}
         * @param written how many bytes of unescaped text have been written
         */
        Maker(
                LogReader reader,
                EventQuery query,
                EventWording wording,
                Utf8Buffer buffer,
                OutputStream text,
                LongSupplier written) {
            this.reader = reader;
            this.query = query;
            this.wording = wording;
            this.buffer = buffer;
            this.text = text;
            this.written = written;
            this.writer = new EventWriter(text);
            this.limit = Math.min(query.maxBytes(), MOST_BYTES) - FRAME;
        }

        /** @param escape puts what stands before the events into the form of the text */
        ByteSlice make(UnaryOperator<byte[]> escape) {
            buffer.write(new byte[HEAD], 0, HEAD);
            int next = Math.min(query.cursor(), reader.size());
            while (next < reader.size() && count < query.maxEvents() && add(next)) {
                next++;
            }
            boolean done = reader.complete() && next == reader.size();
            put("]}");
            byte[] head = escape.apply(("{\"nextCursor\":\"" + next + "\",\"done\":" + done + ",\"events\":[")
                    .getBytes(StandardCharsets.US_ASCII));
            int start = HEAD - head.length;
            buffer.overwrite(start, head);
            ByteSlice all = buffer.toSlice();
            return new ByteSlice(all.array(), start, all.length() - start);
        }

        /**
         * Adds the event if it matches the query. In its own method, which the JVM compiles after some hundred events;
         * a loop that runs once per page would be interpreted for dozens of pages.
         *
         * @return false if there is no room for it
         */
        private boolean add(int index) {
            if (!query.types().isEmpty()
                    && !query.types().contains(reader.kind(index).type())) {
                return true;
            }
            int mark = buffer.length();
            if (count > 0) {
                put(",");
            }
            long before = written.getAsLong();
            reader.write(index, writer, wording);
            if (written.getAsLong() > limit) {
                if (count > 0) {
                    buffer.truncate(mark);
                    return false;
                }
                if (query.cutLongTexts()) {
                    long size = written.getAsLong() - before;
                    buffer.truncate(mark);
                    CutEvent.write(reader, index, wording, size, limit - before, text);
                }
            }
            count++;
            return true;
        }

        private void put(String ascii) {
            try {
                text.write(ascii.getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
