package dev.codexmcp.job.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.codexmcp.codex.event.CodexEventKind;
import dev.codexmcp.json.JsonWritable;
import dev.codexmcp.worker.OutputSink;
import java.nio.ByteBuffer;
import java.util.Locale;

/** Logs without a job, and lines to fill them with. */
public final class FakeLogs {
    public static final EventWording WORDING = new EventWording() {
        @Override
        public String howToGetWhole(int index) {
            return "ask for " + index;
        }

        @Override
        public String outOfMemory() {
            return "the heap is full";
        }
    };

    private FakeLogs() {}

    /** A log that holds the spawn, at time 1000. */
    static EventLog open() {
        return spawned(new EventLog(FakeLogs::ownEvent, () -> {}));
    }

    static EventLog spawned(EventLog log) {
        log.append(CodexEventKind.SPAWNED, 1000);
        return log;
    }

    /** A log of a worker that printed this and ended at time 2000. */
    static EventLog sealed(String output) {
        EventLog log = open();
        say(log, output);
        log.seal(2000);
        return log;
    }

    static JsonWritable ownEvent(CodexEventKind kind) {
        return json -> {
            json.writeStartObject();
            json.writeStringField("kind", kind.name().toLowerCase(Locale.ROOT));
            json.writeEndObject();
        };
    }

    static void say(EventLog log, String output) {
        say(log, output.getBytes(UTF_8));
    }

    public static void say(OutputSink sink, byte[] output) {
        int from = 0;
        while (from < output.length) {
            ByteBuffer room = sink.room();
            int count = Math.min(room.remaining(), output.length - from);
            System.arraycopy(output, from, room.array(), room.arrayOffset() + room.position(), count);
            sink.filled(count);
            from += count;
        }
    }

    public static String message(String text) {
        return "{\"type\":\"item.completed\",\"item\":{\"id\":\"i\",\"type\":\"agent_message\",\"text\":\"" + text
                + "\"}}\n";
    }

    public static String error(String text) {
        return "{\"type\":\"error\",\"message\":\"" + text + "\"}\n";
    }
}
