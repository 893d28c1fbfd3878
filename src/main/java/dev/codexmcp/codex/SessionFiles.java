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
 * The rollout files of the CLI's threads: {@code sessions/YEAR/MONTH/DAY/rollout-TIME-THREAD.jsonl}.
 *
 * @param folder {@code $CODEX_HOME/sessions}
 * @param clock in the CLI's time zone, which determines the folder names
 */
public record SessionFiles(Path folder, Clock clock) {
    /** How many daily folders to search for a thread of unknown age. */
    private static final int MOST_DAYS = 366;

    private static final Pattern THREAD =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,4}");

    /** The files of workers with this environment: below {@code CODEX_HOME}, by default {@code ~/.codex}. */
    public static SessionFiles of(Map<String, String> environment) {
        return new SessionFiles(home(environment).resolve("sessions"), Clock.system(ZoneId.systemDefault()));
    }

    /** The CLI's home in this environment: {@code CODEX_HOME}, by default {@code ~/.codex}. */
    static Path home(Map<String, String> environment) {
        String home = environment.getOrDefault("CODEX_HOME", "");
        return home.isEmpty() ? Path.of(environment.getOrDefault("HOME", ""), ".codex") : Path.of(home);
    }

    /**
     * Finds a thread's file in the folders of today, yesterday and the day the thread ID was created, which the ID
     * contains.
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

    /** Finds a thread's file in the folders of all days, newest first, at most {@value #MOST_DAYS}. */
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

    /** The day a version 7 UUID was created: it starts with milliseconds since 1970. */
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
            return List.of(); // missing or unreadable
        }
        return entries;
    }
}
