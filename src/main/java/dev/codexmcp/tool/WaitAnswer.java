package dev.codexmcp.tool;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.codexmcp.job.Hold;
import dev.codexmcp.job.JobSnapshot;
import dev.codexmcp.job.changes.Changes;
import dev.codexmcp.job.fleet.FleetClaim;
import dev.codexmcp.job.fleet.FleetJob;
import dev.codexmcp.job.fleet.FleetRow;
import dev.codexmcp.job.fleet.FleetRowJson;
import dev.codexmcp.json.IsoTime;
import dev.codexmcp.json.Json;
import dev.codexmcp.json.JsonWritable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The answer to a wait.
 *
 * @param unshownEnds ends that did not fit
 * @param unshownAttention jobs needing attention that did not fit
 */
record WaitAnswer(JsonWritable json, List<FleetJob> unshownEnds, List<FleetJob> unshownAttention) {
    /** The most bytes that the members around the rows take. */
    private static final int FRAME = 240;

    /** What a message takes besides its text, in bytes. */
    private static final int MESSAGE_FRAME = ",\"finalMessage\":\"\"".length();

    /** Each message gets at least this many bytes, or its length, before another row is added. */
    private static final int WORTHWHILE = 200;

    /** The shortest row, in bytes. */
    private static final int SHORTEST_ROW = 100;

    private static final int MOST_FILES = 20;

    WaitAnswer {
        unshownEnds = List.copyOf(unshownEnds);
        unshownAttention = List.copyOf(unshownAttention);
    }

    /** What the caller asked for. */
    record Form(boolean messages, int maxBytes, boolean attention, CappedWait time) {
        /** No answer has more rows. */
        int mostRows() {
            return maxBytes / SHORTEST_ROW + 1;
        }
    }

    /**
     * A job that has ended.
     *
     * @param message empty if none is shown
     */
    private record End(FleetRow row, String message, List<String> files) {
        static End of(FleetJob job, long now, boolean withMessage, Changes changes) {
            String message = withMessage ? job.job().output().lastMessage().orElse("") : "";
            return new End(job.row(now), message, changes.modifiedFiles(job.job()));
        }

        End with(String shown) {
            return new End(row, shown, files);
        }

        void writeTo(JsonGenerator json) throws IOException {
            JobSnapshot job = row.job();
            json.writeStartObject();
            FleetRowJson.writeFields(json, row);
            json.writeStringField("finishedAt", IsoTime.format(job.finishedAt().orElseThrow()));
            Integer code = job.exit().map(exit -> exit.code()).orElse(null);
            if (code != null && code != 0) {
                json.writeNumberField("exitCode", code);
            }
            if (!message.isEmpty()) {
                json.writeStringField("finalMessage", message);
            }
            if (!files.isEmpty()) {
                writeTexts(json, "modifiedFiles", files.subList(0, Math.min(MOST_FILES, files.size())));
            }
            json.writeEndObject();
        }

        /** How many bytes it takes without its message. */
        int frame() {
            return Json.bytes(with("")::writeTo).length + 1 + (message.isEmpty() ? 0 : MESSAGE_FRAME);
        }

        int worthwhile() {
            return Math.min(WORTHWHILE, FinalMessages.bytes(message));
        }
    }

    /** @param hold shown if present */
    static WaitAnswer of(FleetClaim claim, Form form, Changes changes, Optional<Hold> hold, boolean timedOut) {
        long now = System.currentTimeMillis();
        int room = form.maxBytes() - FRAME;
        int forEnds = claim.ended().isEmpty() ? 0 : room / 2;
        List<FleetRow> attention = new ArrayList<>();
        for (FleetJob job : claim.attention()) {
            FleetRow row = job.row(now);
            int size = Json.bytes(FleetRowJson.of(row)).length + 1;
            if (!attention.isEmpty() && room - size < forEnds) {
                break;
            }
            room -= size;
            attention.add(row);
        }
        List<End> ends = new ArrayList<>();
        int worthwhile = 0;
        for (FleetJob job : claim.ended()) {
            End end = End.of(job, now, form.messages(), changes);
            int frame = end.frame();
            worthwhile += end.worthwhile();
            if (!ends.isEmpty() && room - frame < worthwhile) {
                break;
            }
            room -= frame;
            ends.add(end);
        }
        List<FleetJob> left = claim.ended().subList(ends.size(), claim.ended().size());
        int more = claim.left() + left.size();
        // With more ends to come, "since" this rev must return the next ones.
        long rev = more == 0 ? claim.rev() : claim.ended().get(ends.size() - 1).rev();
        List<String> messages =
                FinalMessages.fit(ends.stream().map(End::message).toList(), room);
        for (int i = 0; i < messages.size(); i++) {
            ends.set(i, ends.get(i).with(messages.get(i)));
        }
        return new WaitAnswer(
                json -> write(
                        json,
                        claim,
                        new Shown(rev, List.copyOf(ends), more, List.copyOf(attention), form.time()),
                        hold,
                        timedOut),
                left.stream().filter(claim.taken()::contains).toList(),
                claim.attention().subList(attention.size(), claim.attention().size()));
    }

    /** The part of a claim that is shown. */
    private record Shown(long rev, List<End> ends, int more, List<FleetRow> attention, CappedWait time) {}

    /** What the next call needs comes first: some hosts cut answers. */
    private static void write(JsonGenerator json, FleetClaim claim, Shown shown, Optional<Hold> hold, boolean timedOut)
            throws IOException {
        json.writeStartObject();
        json.writeNumberField("rev", shown.rev());
        json.writeBooleanField("timedOut", timedOut);
        shown.time().writeReason(json, timedOut);
        if (shown.more() > 0) {
            json.writeNumberField("more", shown.more());
        }
        json.writeObjectFieldStart("pending");
        json.writeNumberField("queued", claim.queued());
        json.writeNumberField("running", claim.running());
        json.writeEndObject();
        if (hold.isPresent()) {
            FleetParameters.writeHold(json, hold.get());
        }
        if (!shown.attention().isEmpty()) {
            json.writeArrayFieldStart("attention");
            for (FleetRow row : shown.attention()) {
                FleetRowJson.of(row).writeTo(json);
            }
            json.writeEndArray();
        }
        if (!claim.missingJobIds().isEmpty()) {
            writeTexts(json, "missingJobIds", claim.missingJobIds());
        }
        json.writeArrayFieldStart("ended");
        for (End end : shown.ends()) {
            end.writeTo(json);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void writeTexts(JsonGenerator json, String name, List<String> texts) throws IOException {
        json.writeArrayFieldStart(name);
        for (String text : texts) {
            json.writeString(text);
        }
        json.writeEndArray();
    }
}
