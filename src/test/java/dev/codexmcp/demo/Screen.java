package dev.codexmcp.demo;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The demo's output: aligned columns, lines that fit the width, and colours if wanted. */
final class Screen {
    static final String BOSS = "boss";

    private static final int LABEL_WIDTH = 8;
    private static final int KIND_WIDTH = 9;
    private static final List<String> LABEL_COLORS = List.of("36", "35", "33", "34");
    private static final String BOLD = "1";
    private static final String DIM = "2";

    private final PrintStream out;
    private final int width;
    private final boolean colored;
    private final long start = System.nanoTime();
    private final Map<String, String> colors = new LinkedHashMap<>(Map.of(BOSS, BOLD));
    private boolean muted;

    Screen(PrintStream out, int width, boolean colored) {
        this.out = out;
        this.width = Math.max(60, width);
        this.colored = colored;
    }

    /** Prints one event: time, job and text. */
    void event(String label, String kind, String text) {
        String time = String.format(Locale.ROOT, "%5.1f", (System.nanoTime() - start) / 1e9);
        int used = time.length() + LABEL_WIDTH + KIND_WIDTH + 6;
        print(paint(DIM, time) + "  " + paint(color(label), pad(label, LABEL_WIDTH)) + "  " + pad(kind, KIND_WIDTH)
                + "  " + cut(text, width - used));
    }

    void heading(String text) {
        print("");
        print(paint(BOLD, text));
    }

    /** Prints a property of the whole run. */
    void fact(String name, String text) {
        print("  " + paint(DIM, pad(name, LABEL_WIDTH)) + "  " + cut(text, width - LABEL_WIDTH - 4));
    }

    /** Prints a line under a heading, its first part in a column. */
    void row(String name, String text) {
        print("  " + paint(color(name), pad(name, LABEL_WIDTH)) + "  " + cut(text, width - LABEL_WIDTH - 4));
    }

    void text(String text) {
        print(text);
    }

    /** Prints why the demo can't continue. */
    synchronized void fail(String text) {
        if (!muted) {
            System.err.println("demo: " + text);
        }
    }

    /** Prints a last text, then nothing more. */
    synchronized void endWith(String text) {
        print("");
        print(text);
        mute();
    }

    /** Prints nothing more. */
    synchronized void mute() {
        muted = true;
    }

    private synchronized void print(String line) {
        if (!muted) {
            out.println(line);
        }
    }

    private String color(String label) {
        return colors.computeIfAbsent(label, any -> LABEL_COLORS.get((colors.size() - 1) % LABEL_COLORS.size()));
    }

    private String paint(String color, String text) {
        return colored ? "\033[" + color + "m" + text + "\033[0m" : text;
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    /** Cuts a text to one line. */
    private static String cut(String text, int width) {
        String line = text.strip().replaceAll("\\s*\\R\\s*", " ⏎ ");
        if (line.codePointCount(0, line.length()) <= width) {
            return line;
        }
        return line.substring(0, line.offsetByCodePoints(0, width - 1)) + "…";
    }
}
