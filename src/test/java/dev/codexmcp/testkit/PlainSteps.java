package dev.codexmcp.testkit;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads tasks in plain words, which any model understands and the scripted one carries out as written: after the line
 * {@value #BEGIN}, lines {@code Say: } and {@code Run: }, and finally {@code Answer: }, whose text extends to the next blank
 * line.
 */
final class PlainSteps {

    static final String BEGIN = "Do exactly these steps.";

    private static final String SAY = "Say: ";
    private static final String RUN = "Run: ";
    private static final String ANSWER = "Answer: ";

    private PlainSteps() {}

    /** The steps of a prompt; empty if it has none. */
    static List<ScriptStep> parse(String prompt) {
        List<String> lines = prompt.lines().toList();
        int begin = lines.indexOf(BEGIN);
        List<ScriptStep> acts = new ArrayList<>();
        for (int i = begin + 1; begin >= 0 && i < lines.size() && !lines.get(i).isBlank(); i++) {
            String line = lines.get(i);
            if (line.startsWith(SAY)) {
                acts.add(new ScriptStep.Item(line.substring(SAY.length()), ModelItems::message));
            } else if (line.startsWith(RUN)) {
                ModelTool command = new ModelTool.Shell(line.substring(RUN.length()));
                acts.add(new ScriptStep.Call(Integer.toString(acts.size()), command, false, null));
            } else if (line.startsWith(ANSWER)) {
                int end = i;
                while (end < lines.size() && !lines.get(end).isBlank()) {
                    end++;
                }
                String answer = String.join("\n", lines.subList(i, end)).substring(ANSWER.length());
                acts.add(new ScriptStep.Item(answer, ModelItems::message));
                break;
            } else {
                throw new IllegalArgumentException("neither " + SAY + "nor " + RUN + "nor " + ANSWER + ": " + line);
            }
        }
        return List.copyOf(acts);
    }
}
