package dev.codexmcp.cli;

import dev.codexmcp.cli.fleet.JobRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jline.utils.AttributedString;
import org.jspecify.annotations.Nullable;

/**
 * What {@code watch} shows: the table, the log of one job, or a question. Independent of a terminal: it takes jobs and keys, and returns lines and wishes.
 */
final class WatchView {
    /** What a key asks for. */
    sealed interface Wish {
        /** Nothing. */
        record Nothing() implements Wish {}

        record Quit() implements Wish {}

        /** Show this job's log. */
        record Open(JobRow job) implements Wish {}

        /** End this job. The question has been answered with yes. */
        record Cancel(JobRow job) implements Wish {}
    }

    /** How many lines of a log are kept. */
    private static final int MOST_LINES = 5000;

    private static final Wish NOTHING = new Wish.Nothing();

    private final boolean color;
    private final List<String> log = new ArrayList<>();
    private List<JobRow> all = List.of();
    private List<JobRow> shown = List.of();
    private boolean withEnded;
    private boolean bell;
    private int servers;
    private String note = "";

    /** The selected job's id. */
    private String selected = "";

    private int top;
    private int room = 1;
    private int columns = 80;

    /** The job whose log is shown. */
    private @Nullable JobRow opened;

    /** The first line of the log that is shown; empty while the end is followed. */
    private Optional<Integer> logTop = Optional.empty();

    /** The job that may be canceled, once its question is answered. */
    private @Nullable JobRow asked;

    WatchView(boolean color, boolean withEnded, boolean bell) {
        this.color = color;
        this.withEnded = withEnded;
        this.bell = bell;
    }

    /** Updates the jobs, which come in display order. */
    void show(List<JobRow> jobs, int serverCount) {
        all = jobs;
        servers = serverCount;
        shown = jobs.stream().filter(job -> withEnded || !job.ended()).toList();
        if (at() < 0 && !shown.isEmpty()) {
            selected = shown.get(0).id();
        }
        JobRow open = opened;
        if (open != null) {
            opened = jobs.stream()
                    .filter(job -> job.id().equals(open.id()))
                    .findFirst()
                    .orElse(open);
        }
    }

    private int at() {
        for (int i = 0; i < shown.size(); i++) {
            if (shown.get(i).id().equals(selected)) {
                return i;
            }
        }
        return -1;
    }

    boolean rings() {
        return bell;
    }

    /** The job whose log is shown. */
    Optional<JobRow> opened() {
        return Optional.ofNullable(opened);
    }

    /** Adds lines to the log, wrapped to the window. */
    void addToLog(List<String> lines) {
        for (String line : lines) {
            for (AttributedString part : AttributedString.fromAnsi(line).columnSplitLength(columns)) {
                log.add(color ? part.toAnsi() : part.toString());
            }
        }
        int extra = log.size() - MOST_LINES;
        if (extra > 0) {
            log.subList(0, extra).clear();
            logTop = logTop.map(first -> Math.max(0, first - extra));
        }
    }

    /** Shows a message until the next key. */
    void say(String what) {
        note = what;
    }

    Wish press(Key key) {
        if (key.equals(Key.NONE)) {
            return NOTHING;
        }
        note = "";
        JobRow question = asked;
        if (question != null) {
            asked = null;
            return key.name().equalsIgnoreCase("y") ? new Wish.Cancel(question) : NOTHING;
        }
        return opened == null ? pressInTable(key.name()) : pressInLog(key.name());
    }

    private Wish pressInTable(String key) {
        int page = Math.max(1, room - 1);
        switch (key) {
            case "up", "k" -> move(-1);
            case "down", "j" -> move(1);
            case "pageup" -> move(-page);
            case "pagedown", " " -> move(page);
            case "home", "g" -> move(-shown.size());
            case "end", "G" -> move(shown.size());
            case "a" -> withEnded = !withEnded;
            case "b" -> bell = !bell;
            case "c" -> current().filter(job -> !job.ended()).ifPresent(job -> asked = job);
            case "q", "escape" -> {
                return new Wish.Quit();
            }
            case "enter", "l" -> {
                return current().map(this::open).orElse(NOTHING);
            }
            default -> {}
        }
        return NOTHING;
    }

    private Wish open(JobRow job) {
        opened = job;
        log.clear();
        logTop = Optional.empty();
        return new Wish.Open(job);
    }

    private Wish pressInLog(String key) {
        int page = Math.max(1, room - 1);
        switch (key) {
            case "up", "k" -> scroll(-1);
            case "down", "j" -> scroll(1);
            case "pageup" -> scroll(-page);
            case "pagedown", " " -> scroll(page);
            case "home", "g" -> logTop = Optional.of(0);
            case "end", "G" -> logTop = Optional.empty();
            case "c" -> opened().filter(job -> !job.ended()).ifPresent(job -> asked = job);
            case "q", "escape", "h" -> opened = null;
            default -> {}
        }
        return NOTHING;
    }

    private Optional<JobRow> current() {
        int at = at();
        return at < 0 ? Optional.empty() : Optional.of(shown.get(at));
    }

    private void move(int by) {
        if (!shown.isEmpty()) {
            selected = shown.get(Math.max(0, Math.min(shown.size() - 1, Math.max(0, at()) + by)))
                    .id();
        }
    }

    private void scroll(int by) {
        int last = Math.max(0, log.size() - room);
        int next = Math.max(0, Math.min(last, logTop.orElse(last) + by));
        logTop = next == last ? Optional.empty() : Optional.of(next);
    }

    /**
     * The screen: as many lines as it is high.
     *
     * @param now in milliseconds since 1970
     */
    List<String> lines(int width, int height, long now) {
        room = Math.max(1, height - 3);
        columns = Math.max(1, width);
        List<String> lines = new ArrayList<>();
        lines.add(header(width));
        if (opened == null) {
            addTable(lines, width, now);
        } else {
            addLog(lines);
        }
        while (lines.size() < height - 1) {
            lines.add("");
        }
        lines.add(footer(width));
        return lines.subList(0, Math.max(1, Math.min(height, lines.size())));
    }

    private String header(int width) {
        JobRow open = opened;
        if (open != null) {
            String title = SafeText.line(open.label().orElse(open.id())) + "  " + open.status() + "  "
                    + SafeText.line(JobTable.doing(open));
            return Style.BOLD.of(SafeText.cut(title, width), color);
        }
        long tokens = all.stream().mapToLong(JobRow::tokens).sum();
        String title = "Codex fleet  " + count("running") + " running, " + count("queued") + " queued, " + count("done")
                + " done, " + (count("failed") + count("canceled")) + " failed or canceled, " + JobTable.tokens(tokens)
                + " tokens, " + servers + (servers == 1 ? " server" : " servers");
        return Style.BOLD.of(SafeText.cut(title, width), color);
    }

    private long count(String status) {
        return all.stream().filter(job -> job.status().equals(status)).count();
    }

    private void addTable(List<String> lines, int width, long now) {
        JobTable table = new JobTable(
                width - 2,
                color,
                shown.stream().anyMatch(job -> job.text("host").isPresent()));
        lines.add("  " + table.header());
        int at = Math.max(0, at());
        top = Math.max(Math.min(top, at), at - room + 1);
        top = Math.max(0, Math.min(top, shown.size() - room));
        for (int i = top; i < Math.min(shown.size(), top + room); i++) {
            JobRow job = shown.get(i);
            boolean current = job.id().equals(selected);
            lines.add((current ? Style.BOLD.of("▸ ", color) : "  ") + table.row(job, now));
        }
        if (shown.isEmpty()) {
            lines.add("  "
                    + SafeText.cut(
                            all.isEmpty()
                                    ? "No jobs: a server shows up with its first job."
                                    : "All jobs have ended: press a to see them.",
                            width - 2));
        }
    }

    private void addLog(List<String> lines) {
        lines.add("");
        int last = Math.max(0, log.size() - room);
        int first = Math.min(logTop.orElse(last), last);
        lines.addAll(log.subList(first, Math.min(log.size(), first + room)));
    }

    private String footer(int width) {
        JobRow question = asked;
        if (question != null) {
            String text = "Cancel " + SafeText.line(question.label().orElse(question.id())) + "? y/N";
            return Style.RED.of(SafeText.cut(text, width), color);
        }
        String keys = opened == null
                ? "↑↓ select  Enter open  c cancel  a " + (withEnded ? "hide" : "show") + " ended  b bell "
                        + (bell ? "off" : "on") + "  q quit"
                : "↑↓ scroll  End follow  c cancel  Esc back";
        return Style.DIM.of(SafeText.cut(note.isEmpty() ? keys : SafeText.line(note), width), color);
    }
}
