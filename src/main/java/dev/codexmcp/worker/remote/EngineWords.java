package dev.codexmcp.worker.remote;

import java.util.List;

/** What an engine's commands have printed, for messages. */
final class EngineWords {
    private static final int LINES = 3;
    private static final int LONGEST = 400;

    private EngineWords() {}

    /** The last lines as one, cut. */
    static String last(String words) {
        List<String> lines =
                words.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
        String text = String.join("; ", lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }
}
