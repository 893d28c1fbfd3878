package dev.codexmcp.git;

import dev.codexmcp.git.Snapshot.Omission;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The changes that bring an index up to date with the disk: entries to remove, and files for git to read. */
final class IndexUpdate {
    private static final String GITLINK = "160000";

    private final Path root;
    private final Limits limits;
    private final Map<RepoPath, Long> untracked;
    private final Map<RepoPath, Omission> omitted;
    private final Set<RepoPath> removals = new LinkedHashSet<>();
    private final Set<RepoPath> files = new LinkedHashSet<>();
    private long stored;

    /** The limits in bytes for each untracked file, and for all of them together. */
    record Limits(long largest, long most) {}

    /**
     * @param untracked the entries that are not in the user's index, with lengths; updated
     * @param omitted receives the omitted files
     */
    IndexUpdate(Path root, Limits limits, Map<RepoPath, Long> untracked, Map<RepoPath, Omission> omitted) {
        this.root = root;
        this.limits = limits;
        this.untracked = untracked;
        this.omitted = omitted;
        this.stored = untracked.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Adds the output of {@code diff-files --raw -z}: entries of the index that differ from the disk. */
    void addTracked(GitOutput output) {
        List<RepoPath> parts = output.parts();
        for (int i = 0; i + 1 < parts.size(); i += 2) {
            String status = new String(parts.get(i).bytes(), StandardCharsets.US_ASCII);
            RepoPath path = parts.get(i + 1);
            boolean submodule = status.startsWith(":" + GITLINK);
            BasicFileAttributes file = attributes(path);
            if (status.endsWith(" D") || file == null || (file.isDirectory() && !submodule) || file.isOther()) {
                remove(path);
            } else if (file.isRegularFile() && !Files.isReadable(path.under(root))) {
                omitted.put(path, Omission.UNREADABLE);
            } else if (untracked.containsKey(path)) {
                stored -= untracked.getOrDefault(path, 0L);
                addUntracked(path, file);
            } else {
                files.add(path);
            }
        }
    }

    /** Adds the output of {@code ls-files --others -z}: files without an entry. */
    void addUntracked(GitOutput output) {
        output.parts().forEach(this::addOther);
    }

    /** Adds one file without an entry. */
    void addOther(RepoPath path) {
        BasicFileAttributes file = attributes(path);
        if (path.text().endsWith("/") || (file != null && file.isDirectory())) {
            omitted.put(path, Omission.NESTED_REPOSITORY);
        } else if (file != null && !file.isOther()) {
            if (file.isRegularFile() && !Files.isReadable(path.under(root))) {
                omitted.put(path, Omission.UNREADABLE);
            } else {
                addUntracked(path, file);
            }
        }
    }

    private void addUntracked(RepoPath path, BasicFileAttributes file) {
        long size = file.size();
        if (size > limits.largest()) {
            leaveOut(path, Omission.TOO_LARGE);
        } else if (stored + size > limits.most()) {
            leaveOut(path, Omission.TOO_MUCH);
        } else {
            stored += size;
            untracked.put(path, size);
            files.add(path);
        }
    }

    private void leaveOut(RepoPath path, Omission reason) {
        omitted.put(path, reason);
        if (untracked.containsKey(path)) {
            remove(path);
        }
    }

    private void remove(RepoPath path) {
        untracked.remove(path);
        removals.add(path);
    }

    private @Nullable BasicFileAttributes attributes(RepoPath path) {
        try {
            return Files.readAttributes(path.under(root), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            return null;
        }
    }

    /**
     * Omits the file that git failed to read.
     *
     * @param words git's error message, which names the file unquoted
     */
    Optional<RepoPath> unreadable(String words) {
        for (Iterator<RepoPath> each = files.iterator(); each.hasNext(); ) {
            RepoPath path = each.next();
            String name = new String(path.bytes(), StandardCharsets.UTF_8);
            if ((words + "\n").contains("Unable to process path " + name + "\n")) {
                each.remove();
                untracked.remove(path);
                return Optional.of(path);
            }
        }
        return Optional.empty();
    }

    Set<RepoPath> removals() {
        return removals;
    }

    Set<RepoPath> files() {
        return files;
    }

    /** Whether there is anything to do. */
    boolean changesIndex() {
        return !removals.isEmpty() || !files.isEmpty();
    }

    /** For {@code update-index --index-info -z}; ids have this many digits. */
    byte[] removalLines(int digits) {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        byte[] removal = ("0 " + "0".repeat(digits) + "\t").getBytes(StandardCharsets.US_ASCII);
        for (RepoPath path : removals) {
            lines.writeBytes(removal);
            lines.writeBytes(path.bytes());
            lines.write(0);
        }
        return lines.toByteArray();
    }

    /** For {@code update-index --stdin -z}. */
    byte[] fileLines() {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        for (RepoPath path : files) {
            lines.writeBytes(path.bytes());
            lines.write(0);
        }
        return lines.toByteArray();
    }
}
