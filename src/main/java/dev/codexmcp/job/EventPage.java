package dev.codexmcp.job;

import dev.codexmcp.codex.event.EventWriter;
import dev.codexmcp.json.JsonStringStream;
import dev.codexmcp.json.Utf8Buffer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.LongSupplier;

/**
 * A page of a job's events, {@code {"events":[…],"nextCursor":"…","done":…}}, written in one go to where it is needed.
 *
 * @param json the page's bytes, in one of two forms: as it is, or as the inside of the JSON string in which it travels
 * @param nextCursor how many events precede the next page
 * @param done whether the job has ended and no event follows
 */
public record EventPage(Utf8Buffer json, int nextCursor, boolean done) {
    /** No page grows past this, whatever is asked for: the next one goes on where it ends. */
    private static final long MOST_BYTES = 64L * 1024 * 1024;

    /** What an event takes beside its line's values, some of it escaped. */
    private static final long EVENT_OVERHEAD = 110;

    /** What a page's own end takes. */
    private static final int END = "],\"nextCursor\":\"2147483647\",\"done\":false}".length();

    /** For the text of an answer: escaped on the fly, so that no copy is made of it. */
    static EventPage escaped(Job job, EventQuery query) {
        Utf8Buffer buffer = new Utf8Buffer(capacity(job, query));
        JsonStringStream text = new JsonStringStream(buffer);
        return new Maker(job, query, buffer, text, text::written).make();
    }

    /** To stand within other JSON. */
    static EventPage plain(Job job, EventQuery query) {
        Utf8Buffer buffer = new Utf8Buffer(4 * 1024);
        return new Maker(job, query, buffer, buffer, buffer::length).make();
    }

    /** What the page may take: to grow a buffer costs more than to fill it. */
    private static int capacity(Job job, EventQuery query) {
        EventLog.Reader reader = job.log().reader();
        int from = Math.min(query.cursor(), reader.size());
        int to = (int) Math.min((long) from + query.maxEvents(), reader.size());
        long lines = reader.lengthOf(from, to);
        long wanted = lines + lines / 4 + (to - from) * EVENT_OVERHEAD + 1024;
        long most = Math.min(query.maxBytes(), MOST_BYTES);
        return (int) Math.min(wanted, most + most / 4 + 1024);
    }

    private static final class Maker {
        private final Job job;
        private final EventQuery query;
        private final Utf8Buffer buffer;
        private final OutputStream text;
        private final LongSupplier written;
        private final EventLog.Reader reader;
        private final EventWriter writer;
        private final long limit;
        private int count;

        /**
         * @param text leads to {@code buffer}
         * @param written how many bytes the reader of the text will have seen
         */
        Maker(Job job, EventQuery query, Utf8Buffer buffer, OutputStream text, LongSupplier written) {
            this.job = job;
            this.query = query;
            this.buffer = buffer;
            this.text = text;
            this.written = written;
            this.reader = job.log().reader();
            this.writer = new EventWriter(text);
            this.limit = Math.min(query.maxBytes(), MOST_BYTES) - END;
        }

        EventPage make() {
            put("{\"events\":[");
            int next = Math.min(query.cursor(), reader.size());
            while (next < reader.size() && count < query.maxEvents() && add(next)) {
                next++;
            }
            boolean done = reader.complete() && next == reader.size();
            put("],\"nextCursor\":\"" + next + "\",\"done\":" + done + "}");
            return new EventPage(buffer, next, done);
        }

        /**
         * Adds the event, if it is wanted. A method of its own, which the JVM compiles after some hundred events; a loop of
         * which a page is a single run is interpreted for dozens of pages.
         *
         * @return false where there is no room for it
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
            job.writeEvent(reader, index, writer);
            if (written.getAsLong() > limit) {
                if (count > 0) {
                    buffer.truncate(mark);
                    return false;
                }
                if (query.cutLongTexts()) {
                    long size = written.getAsLong() - before;
                    buffer.truncate(mark);
                    CutEvent.write(job, reader, index, size, limit - before, text);
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
