package dev.codexmcp.job;

import dev.codexmcp.event.EventWriter;
import dev.codexmcp.json.JsonStringStream;
import dev.codexmcp.json.Utf8Buffer;
import java.nio.charset.StandardCharsets;

/**
 * A page of a job's events, written once: as the inside of the JSON string in which it travels.
 *
 * @param escaped {@code {"events":[…],"nextCursor":"…","done":…}}, escaped for a JSON string
 */
public record EventPage(Utf8Buffer escaped, int nextCursor, boolean done) {
    /** No page grows past this, whatever is asked for: the next one goes on where it ends. */
    private static final long MOST_BYTES = 64L * 1024 * 1024;

    static EventPage of(Job job, EventQuery query) {
        EventLog.Reader reader = job.log().reader();
        Utf8Buffer buffer = new Utf8Buffer(16 * 1024);
        JsonStringStream text = new JsonStringStream(buffer);
        EventWriter writer = new EventWriter(text);
        long limit = Math.min(query.maxBytes(), MOST_BYTES);
        put(text, "{\"events\":[");
        int next = Math.min(query.cursor(), reader.size());
        int written = 0;
        for (; next < reader.size() && written < query.maxEvents(); next++) {
            if (!query.types().isEmpty()
                    && !query.types().contains(reader.kind(next).type())) {
                continue;
            }
            int mark = buffer.length();
            if (written > 0) {
                put(text, ",");
            }
            job.writeEvent(reader, next, writer);
            if (written > 0 && text.written() > limit) {
                buffer.truncate(mark);
                break;
            }
            written++;
        }
        boolean done = reader.complete() && next == reader.size();
        put(text, "],\"nextCursor\":\"" + next + "\",\"done\":" + done + "}");
        return new EventPage(buffer, next, done);
    }

    private static void put(JsonStringStream text, String ascii) {
        byte[] bytes = ascii.getBytes(StandardCharsets.US_ASCII);
        text.write(bytes, 0, bytes.length);
    }
}
