package dev.codexmcp.install.edit;

import java.util.Comparator;
import java.util.List;

/** A replacement in a text. {@code end} is exclusive. */
record Edit(int start, int end, String text) {

    /** Applies edits that do not overlap. */
    static String apply(String text, List<Edit> edits) {
        StringBuilder result = new StringBuilder(text);
        edits.stream()
                .sorted(Comparator.comparingInt(Edit::start)
                        .thenComparingInt(Edit::end)
                        .reversed())
                .forEach(edit -> result.replace(edit.start, edit.end, edit.text));
        return result.toString();
    }
}
