package dev.codexmcp.tool;

import dev.codexmcp.job.changes.ChangeReport;
import dev.codexmcp.worker.RandomId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Keeps the last reports for their further pages, so that all pages show the same moment. Thread-safe. */
final class ReportCache {
    private static final int MOST = 8;

    private final Map<String, ChangeReport> reports = new LinkedHashMap<>();

    /**
     * Where a page begins.
     *
     * @param id of the report
     * @param report empty for the first page
     */
    record Place(String id, Optional<ChangeReport> report, long offset) {
        static final Place START = new Place("", Optional.empty(), 0);
    }

    /**
     * Returns the cursor of a page.
     *
     * @param before the place of the page before
     */
    synchronized String keep(Place before, ChangeReport report, long offset) {
        String id = before.report().isPresent() ? before.id() : RandomId.next();
        reports.put(id, report);
        if (reports.size() > MOST) {
            reports.remove(reports.keySet().iterator().next());
        }
        return id + "." + offset;
    }

    /** The place that a cursor stands for; empty if it is none, or too old. */
    synchronized Optional<Place> find(String cursor) {
        int dot = cursor.lastIndexOf('.');
        ChangeReport report = dot < 0 ? null : reports.get(cursor.substring(0, dot));
        return report != null && cursor.substring(dot + 1).matches("\\d{1,18}")
                ? Optional.of(new Place(
                        cursor.substring(0, dot), Optional.of(report), Long.parseLong(cursor.substring(dot + 1))))
                : Optional.empty();
    }
}
