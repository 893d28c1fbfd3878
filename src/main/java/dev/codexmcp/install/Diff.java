package dev.codexmcp.install;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Shows a file change as one hunk: all lines from the first that differs to the last. */
final class Diff {
    private static final int CONTEXT = 2;
    private static final int WIDTH = 200;

    private Diff() {}

    /**
     * @param existed whether the file exists before the change
     * @param remains whether it exists after the change
     */
    static List<String> of(Path file, boolean existed, String textBefore, boolean remains, String textAfter) {
        List<String> before = lines(textBefore);
        List<String> after = lines(textAfter);
        int shorter = Math.min(before.size(), after.size());
        int head = 0;
        while (head < shorter && before.get(head).equals(after.get(head))) {
            head++;
        }
        int tail = 0;
        while (tail < shorter - head
                && before.get(before.size() - 1 - tail).equals(after.get(after.size() - 1 - tail))) {
            tail++;
        }
        int from = Math.max(0, head - CONTEXT);
        List<String> diff = new ArrayList<>();
        diff.add("--- " + (existed ? file : "/dev/null"));
        diff.add("+++ " + (remains ? file : "/dev/null"));
        diff.add("@@ line " + (from + 1) + " @@");
        add(diff, " ", before.subList(from, head));
        add(diff, "-", before.subList(head, before.size() - tail));
        add(diff, "+", after.subList(head, after.size() - tail));
        int end = before.size() - tail;
        add(diff, " ", before.subList(end, end + Math.min(CONTEXT, tail)));
        diff.add("");
        return diff;
    }

    private static List<String> lines(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split("(?<=\n)"));
    }

    private static void add(List<String> diff, String mark, List<String> lines) {
        for (String line : lines) {
            String shown = line.stripTrailing();
            diff.add(mark + (shown.length() > WIDTH ? shown.substring(0, WIDTH) + "…" : shown));
            if (!line.endsWith("\n") && !mark.equals(" ")) {
                diff.add("\\ No newline at end of file");
            }
        }
    }
}
