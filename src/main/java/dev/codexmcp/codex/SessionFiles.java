package dev.codexmcp.codex;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The rollout files that the CLI keeps of its threads: {@code sessions/YEAR/MONTH/DAY/rollout-TIME-THREAD.jsonl}.
 *
 * @param folder {@code $CODEX_HOME/sessions}
 * @param clock in the CLI's time zone, by which it names the folders
 */
public record SessionFiles(Path folder, Clock clock) {
    /** How many days' folders are searched for a thread of unknown age. */
    private static final int MOST_DAYS = 366;

    private static final Pattern THREAD =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,4}");

    /** Those of a worker with this environment: below its {@code CODEX_HOME}, by default {@code ~/.codex}. */
    public static SessionFiles of(Map<String, String> environment) {
        String home = environment.getOrDefault("CODEX_HOME", "");
        Path folder = home.isEmpty() ? Path.of(environment.getOrDefault("HOME", ""), ".codex") : Path.of(home);
        return new SessionFiles(folder.resolve("sessions"), Clock.system(ZoneId.systemDefault()));
    }

    /**
     * The file of a thread, looked for in the folders of today, yesterday and the day that the id was made: it holds the time.
     */
    Optional<Path> find(String threadId) {
        if (!THREAD.matcher(threadId).matches()) {
            return Optional.empty();
        }
        LocalDate today = LocalDate.now(clock);
        Set<LocalDate> days = new LinkedHashSet<>(List.of(today, today.minusDays(1)));
        made(threadId).ifPresent(day -> days.addAll(List.of(day, day.minusDays(1), day.plusDays(1))));
        return days.stream().flatMap(day -> in(day(day), threadId).stream()).findFirst();
    }

    /** The same, looked for in the folders of all days, newest first, {@value #MOST_DAYS} at most. */
    Optional<Path> search(String threadId) {
        if (!THREAD.matcher(threadId).matches()) {
            return Optional.empty();
        }
        int searched = 0;
        for (Path year : numbered(folder)) {
            for (Path month : numbered(year)) {
                for (Path day : numbered(month)) {
                    Optional<Path> found = in(day, threadId);
                    if (found.isPresent() || ++searched == MOST_DAYS) {
                        return found;
                    }
                }
            }
        }
        return Optional.empty();
    }

    private Path day(LocalDate day) {
        return folder.resolve("%04d".formatted(day.getYear()))
                .resolve("%02d".formatted(day.getMonthValue()))
                .resolve("%02d".formatted(day.getDayOfMonth()));
    }

    /** The day of a UUID of version 7, which begins with milliseconds since 1970. */
    private Optional<LocalDate> made(String threadId) {
        if (threadId.charAt(14) != '7') {
            return Optional.empty();
        }
        long millis = Long.parseLong(threadId.substring(0, 8) + threadId.substring(9, 13), 16);
        return Optional.of(LocalDate.ofInstant(Instant.ofEpochMilli(millis), clock.getZone()));
    }

    private static Optional<Path> in(Path day, String threadId) {
        String end = "-" + threadId + ".jsonl";
        return entries(day).stream()
                .filter(file -> {
                    String name = file.getFileName().toString();
                    return name.startsWith("rollout-") && name.endsWith(end);
                })
                .findFirst();
    }

    private static List<Path> numbered(Path folder) {
        return entries(folder).stream()
                .filter(path -> NUMBER.matcher(path.getFileName().toString()).matches())
                .sorted(Comparator.reverseOrder())
                .toList();
    }

    private static List<Path> entries(Path folder) {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            stream.forEach(entries::add);
        } catch (IOException | DirectoryIteratorException e) {
            return List.of(); // not there, or not to be read
        }
        return entries;
    }
}
