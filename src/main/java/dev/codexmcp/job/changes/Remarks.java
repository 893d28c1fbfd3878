package dev.codexmcp.job.changes;

import dev.codexmcp.git.RepoPath;
import dev.codexmcp.git.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The notes in a report about what is not known, and why. */
final class Remarks {
    static final String PATCHES_ONLY =
            "only the files of a worker's own patches are known, not what its commands wrote";

    static final String NO_REPOSITORY = "Not a git repository: " + PATCHES_ONLY + ".";

    static final String READ_ONLY = "The job runs in the read-only sandbox: it changes no files.";

    static final String NOT_STARTED = "The job has not started yet.";

    /** How many paths a note names. */
    private static final int MOST_PATHS = 5;

    private Remarks() {}

    static String off(String why) {
        return why + ": " + PATCHES_ONLY + ".";
    }

    /** @param problem a sentence */
    static String failed(String problem) {
        return "The last snapshot failed: " + problem + " Without it, " + PATCHES_ONLY + ".";
    }

    static String late(String jobId) {
        return "The first snapshot came too late for job " + jobId
                + ": its earlier changes are not known, and changes from before it may be listed.";
    }

    static String outside(List<String> paths) {
        return "Patched outside this tree: " + some(paths) + ".";
    }

    /** What a snapshot could not show. */
    static List<String> of(Snapshot snapshot) {
        List<String> notes = new ArrayList<>(snapshot.notes());
        notes.addAll(unreadable(snapshot.omitted()));
        return notes;
    }

    /** Which files could not be read, and why. */
    static List<String> unreadable(Map<RepoPath, Snapshot.Omission> files) {
        List<String> notes = new ArrayList<>();
        Map<Snapshot.Omission, List<String>> omitted = new TreeMap<>();
        files.forEach((path, reason) ->
                omitted.computeIfAbsent(reason, r -> new ArrayList<>()).add(path.text()));
        omitted.forEach((reason, paths) -> {
            paths.sort(null);
            notes.add(words(reason) + ", so changes of it are not known: " + some(paths) + ".");
        });
        return notes;
    }

    private static String words(Snapshot.Omission reason) {
        return switch (reason) {
            case TOO_LARGE -> "Untracked and over 10 MB";
            case TOO_MUCH -> "Untracked, beyond 500 MB together";
            case UNREADABLE -> "Unreadable";
            case NESTED_REPOSITORY -> "A repository of its own";
        };
    }

    private static String some(List<String> paths) {
        int more = paths.size() - MOST_PATHS;
        return String.join(", ", paths.subList(0, Math.min(MOST_PATHS, paths.size())))
                + (more > 0 ? " and " + more + " more" : "");
    }
}
