package dev.codexmcp.job.log;

import dev.codexmcp.codex.event.CodexEventKind;
import dev.codexmcp.codex.event.EventType;
import dev.codexmcp.codex.event.LineText;
import dev.codexmcp.json.Json;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Summarizes events in a few words, for people and prompts. */
public final class EventDigest {
    /** The length of a progress message, in characters. */
    private static final int SHORT = 120;

    /** The lines of other types need not be read. */
    private static final Set<EventType> SAID = EnumSet.of(EventType.MESSAGE, EventType.PROGRESS, EventType.ERROR);

    private EventDigest() {}

    /** What the worker is doing, according to the last event from {@code from} on that shows it. */
    public static Optional<String> progress(LogReader events, int from) {
        for (int i = events.size() - 1; i >= from; i--) {
            Optional<String> words = LineText.progress(events.kind(i), events.line(i));
            if (words.isPresent()) {
                return words.map(text -> cut(text.replaceAll("\\s+", " ").strip(), SHORT));
            }
        }
        return Optional.empty();
    }

    /**
     * The agent's last {@code most} messages, errors and progress events, oldest first, each cut to {@code length}
     * characters.
     */
    public static List<String> said(LogReader events, int most, int length) {
        List<String> said = new ArrayList<>();
        for (int i = events.size() - 1; i >= 0 && said.size() < most; i--) {
            CodexEventKind kind = events.kind(i);
            if (SAID.contains(kind.type())) {
                LineText.said(kind, events.line(i))
                        .ifPresent(text -> said.add(kind.type().wire() + ": " + cut(text.strip(), length)));
            }
        }
        Collections.reverse(said);
        return said;
    }

    private static String cut(String text, int length) {
        return text.length() <= length ? text : Json.wellFormed(text.substring(0, length)) + "…";
    }
}
