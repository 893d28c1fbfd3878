package dev.codexmcp.cli;

import dev.codexmcp.cli.fleet.JobRow;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/** Jobs as lines of a table that fits the window: if it is narrow, less important columns are left out. */
final class JobTable {
    /** How many characters of an id are shown. They identify the job unless another id has the same beginning. */
    private static final int ID_LENGTH = 8;

    private static final int LEAST_DOING = 16;

    /**
     * @param width in columns; 0: all that remains
     * @param importance columns with higher numbers are left out first
     */
    private record Column(String title, int width, int importance, BiFunction<JobRow, Long, String> text) {}

    private static final List<Column> COLUMNS = List.of(
            new Column("JOB", ID_LENGTH, 0, (job, now) -> shortId(job)),
            new Column("LABEL", 24, 1, (job, now) -> job.label().orElse("")),
            new Column("STATUS", 8, 0, (job, now) -> job.status()),
            new Column("DOING", 0, 1, (job, now) -> doing(job)),
            new Column("HOST", 12, 6, (job, now) -> job.text("host").orElse("")),
            new Column("TIME", 7, 2, (job, now) -> age(job, now)),
            new Column("IDLE", 6, 3, (job, now) -> idle(job, now)),
            new Column("TOKENS", 7, 4, (job, now) -> job.tokens() == 0 ? "" : tokens(job.tokens())),
            new Column("FILES", 5, 5, (job, now) -> job.files() == 0 ? "" : Integer.toString(job.files())));

    private final List<Column> columns;
    private final int width;
    private final boolean color;

    /** @param hosts whether any job runs elsewhere */
    JobTable(int width, boolean color, boolean hosts) {
        this.width = width;
        this.color = color;
        List<Column> fitting = new ArrayList<>(COLUMNS);
        if (!hosts) {
            fitting.removeIf(column -> column.title().equals("HOST"));
        }
        while (fixed(fitting) + LEAST_DOING > width && fitting.size() > 3) {
            fitting.remove(fitting.stream()
                    .max((a, b) -> Integer.compare(a.importance(), b.importance()))
                    .orElseThrow());
        }
        while (fixed(fitting) - 1 > width && fitting.size() > 1) {
            fitting.remove(fitting.size() - 1);
        }
        columns = List.copyOf(fitting);
    }

    private static int fixed(List<Column> columns) {
        return columns.stream().mapToInt(column -> column.width() + 2).sum();
    }

    String header() {
        return Style.BOLD.of(
                columns.stream()
                        .map(column -> SafeText.fit(column.title(), width(column)))
                        .collect(Collectors.joining("  "))
                        .stripTrailing(),
                color);
    }

    /** @param now in milliseconds since 1970 */
    String row(JobRow job, long now) {
        StringBuilder line = new StringBuilder();
        for (Column column : columns) {
            String text = SafeText.fit(SafeText.line(column.text().apply(job, now)), width(column));
            if (column.title().equals("STATUS")) {
                text = Style.ofStatus(job.status()).of(text, color);
            } else if (column.title().equals("DOING") && !job.attention().isEmpty()) {
                text = Style.YELLOW.of(text, color);
            }
            line.append(line.isEmpty() ? "" : "  ").append(text);
        }
        return color ? line.toString() : line.toString().stripTrailing();
    }

    private int width(Column column) {
        return column.width() > 0 ? column.width() : Math.max(1, Math.min(100, width - fixed(columns) + 2));
    }

    static String shortId(JobRow job) {
        String id = job.id();
        return id.length() <= ID_LENGTH ? id : id.substring(0, ID_LENGTH);
    }

    /** What needs attention, what the job is doing, or why it has ended. */
    static String doing(JobRow job) {
        String attention = String.join(", ", job.attention());
        String doing =
                job.ended() ? job.text("reason").orElse("") : job.text("doing").orElse("");
        return attention.isEmpty() ? doing : "! " + attention + ": " + doing;
    }

    static String age(JobRow job, long now) {
        return duration(job.finishedAt().orElse(now) - job.createdAt());
    }

    private static String idle(JobRow job, long now) {
        OptionalLong active = job.activeAt();
        return job.ended() || active.isEmpty() || now - active.getAsLong() < 1000
                ? ""
                : duration(now - active.getAsLong());
    }

    /** A time in at most six characters. */
    static String duration(long millis) {
        long s = Math.max(0, millis) / 1000;
        return s < 60
                ? s + "s"
                : s < 3600
                        ? s / 60 + "m" + two(s % 60) + "s"
                        : s < 86_400
                                ? s / 3600 + "h" + two(s / 60 % 60) + "m"
                                : s / 86_400 + "d" + two(s / 3600 % 24) + "h";
    }

    private static String two(long number) {
        return number < 10 ? "0" + number : Long.toString(number);
    }

    /** A number of tokens in at most six characters. */
    static String tokens(long count) {
        return count < 1000
                ? Long.toString(count)
                : count < 1_000_000
                        ? count / 1000 + "." + count / 100 % 10 + "k"
                        : count / 1_000_000 + "." + count / 100_000 % 10 + "M";
    }
}
