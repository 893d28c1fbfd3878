package dev.codexmcp.git;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The differences between snapshots of one repository, as paths, as files with line counts, and as a patch.
 * Thread-safe.
 */
public final class TreeDiff {
    private static final byte[] NEXT_FILE = "\ndiff --git ".getBytes(StandardCharsets.US_ASCII);

    private static final long LONGEST_PATCH = 4L * 1024 * 1024 * 1024;

    private final ShadowRepository shadow;

    TreeDiff(ShadowRepository shadow) {
        this.shadow = shadow;
    }

    /**
     * A piece of a patch.
     *
     * @param text the text as bytes, since files need not be UTF-8
     * @param next the start of the next piece; -1 if there is none
     */
    public record Page(byte[] text, long next) {}

    /**
     * The paths that differ, sorted. Paths omitted from one of the snapshots are left out, since their changes are
     * unknown.
     */
    public List<PathChange> changes(Snapshot from, Snapshot to) throws IOException {
        List<PathChange> changes = new ArrayList<>();
        for (PathChange change : changes(from.tree(), to.tree())) {
            if (!isOmitted(change.path(), from) && !isOmitted(change.path(), to)) {
                changes.add(change);
            }
        }
        return changes;
    }

    private static boolean isOmitted(RepoPath path, Snapshot snapshot) {
        if (snapshot.omitted().isEmpty()) {
            return false;
        }
        for (RepoPath at = path; at != null; at = at.parent()) {
            if (snapshot.omitted().containsKey(at)) {
                return true;
            }
        }
        return false;
    }

    /** The paths that differ between two trees, sorted. */
    List<PathChange> changes(String from, String to) throws IOException {
        if (from.equals(to)) {
            return List.of();
        }
        List<RepoPath> parts = shadow.command("diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-abbrev", from, to)
                .run()
                .parts();
        List<PathChange> changes = new ArrayList<>();
        for (int i = 0; i + 1 < parts.size(); i += 2) {
            String[] words = ascii(parts.get(i)).substring(1).split(" ", -1);
            changes.add(new PathChange(parts.get(i + 1), entry(words[0], words[2]), entry(words[1], words[3])));
        }
        return changes;
    }

    private static @Nullable Entry entry(String mode, String id) {
        return mode.equals("000000") ? null : new Entry(mode, id);
    }

    /** The tree's entries for these paths; paths that it lacks are left out. */
    Map<RepoPath, Entry> entries(String tree, Set<RepoPath> paths) throws IOException {
        Map<RepoPath, Entry> entries = new HashMap<>();
        for (RepoPath part : shadow.command("ls-tree", "-r", "-z", tree).run().parts()) {
            byte[] line = part.bytes();
            int tab = 0;
            while (line[tab] != '\t') {
                tab++;
            }
            RepoPath path = RepoPath.ofBytes(line, tab + 1, line.length);
            if (paths.contains(path)) {
                String[] words = new String(line, 0, tab, StandardCharsets.US_ASCII).split(" ", -1);
                entries.put(path, new Entry(words[0], words[2]));
            }
        }
        return entries;
    }

    /** The changes as files, with renames detected and lines counted, in git's order. */
    public List<FileChange> files(Collection<PathChange> changes) throws IOException {
        if (changes.isEmpty()) {
            return List.of();
        }
        List<RepoPath> parts =
                diff(changes, "-z", "--raw", "--numstat", "--no-abbrev").run().parts();
        List<FileChange> found = new ArrayList<>();
        int at = 0;
        for (; at < parts.size() && ascii(parts.get(at)).startsWith(":"); at += 2) {
            String words = ascii(parts.get(at));
            RepoPath path = parts.get(at + 1);
            char status = words.charAt(words.lastIndexOf(' ') + 1);
            if (status == 'R') {
                at++;
                found.add(new FileChange(parts.get(at + 1), ChangeKind.RENAME, path, 0, 0));
            } else {
                found.add(new FileChange(path, kind(status), null, 0, 0));
            }
        }
        Map<RepoPath, FileChange> counted = new HashMap<>();
        for (; at < parts.size(); at++) {
            String numbers = ascii(parts.get(at));
            int tab = numbers.indexOf('\t');
            int second = numbers.indexOf('\t', tab + 1);
            byte[] line = parts.get(at).bytes();
            RepoPath path = RepoPath.ofBytes(line, second + 1, line.length);
            if (second + 1 == line.length) {
                at += 2;
                path = parts.get(at);
            }
            counted.put(
                    path,
                    new FileChange(
                            path,
                            ChangeKind.UPDATE,
                            null,
                            count(numbers.substring(0, tab)),
                            count(numbers.substring(tab + 1, second))));
        }
        List<FileChange> files = new ArrayList<>();
        for (FileChange file : found) {
            FileChange count = counted.getOrDefault(file.path(), file);
            files.add(new FileChange(file.path(), file.kind(), file.from(), count.added(), count.removed()));
        }
        return files;
    }

    private static ChangeKind kind(char status) {
        if (status == 'A') {
            return ChangeKind.ADD;
        }
        return status == 'D' ? ChangeKind.DELETE : ChangeKind.UPDATE;
    }

    private static int count(String number) {
        return number.equals("-") ? -1 : Integer.parseInt(number);
    }

    private static String ascii(RepoPath part) {
        return new String(part.bytes(), StandardCharsets.ISO_8859_1);
    }

    /**
     * A piece of the patch of these changes for {@code git apply}, binary files included. It ends between two files;
     * only a file that does not fit by itself is cut, at the end of a line if possible.
     *
     * @param from 0, or {@link Page#next} of the previous piece for the same changes
     * @param most the maximum number of bytes, at least one
     */
    public Page patch(Collection<PathChange> changes, long from, int most) throws IOException {
        if (changes.isEmpty()) {
            return new Page(new byte[0], -1);
        }
        Path folder = Files.createTempDirectory(shadow.folder(), "patch-");
        try {
            Path patch = folder.resolve("patch");
            diff(changes, "--patch", "--binary", "--full-index", "--no-color", "--src-prefix=a/", "--dst-prefix=b/")
                    .mostOutput(LONGEST_PATCH)
                    .runInto(patch);
            return page(patch, from, Math.max(1, most));
        } finally {
            Folders.delete(folder);
        }
    }

    private static Page page(Path patch, long from, int most) throws IOException {
        try (SeekableByteChannel channel = Files.newByteChannel(patch)) {
            long start = Math.max(0, Math.min(from, channel.size()));
            boolean last = channel.size() - start <= most;
            // Reads past the limit: the next file may begin right there.
            ByteBuffer buffer =
                    ByteBuffer.allocate((int) Math.min(channel.size() - start, most + (long) NEXT_FILE.length));
            channel.position(start);
            while (buffer.hasRemaining() && channel.read(buffer) >= 0) {}
            int length = last ? buffer.position() : cut(buffer.array(), buffer.position(), most);
            return new Page(Arrays.copyOf(buffer.array(), length), last ? -1 : start + length);
        }
    }

    /**
     * How much of the text to return: up to the start of the last file within {@code most} bytes, else up to the end of
     * a line.
     */
    private static int cut(byte[] text, int length, int most) {
        int line = 0;
        for (int at = most - 1; at > 0; at--) {
            if (text[at] == '\n') {
                if (isNextFile(text, at, length)) {
                    return at + 1;
                }
                line = Math.max(line, at + 1);
            }
        }
        return line > 0 ? line : most;
    }

    /** No line of a file's content begins like this: text lines begin with a sign, and binary ones have no spaces. */
    private static boolean isNextFile(byte[] text, int at, int length) {
        int end = at + NEXT_FILE.length;
        return end <= length && Arrays.equals(text, at, end, NEXT_FILE, 0, NEXT_FILE.length);
    }

    /** Compares two trees that hold only these paths, so that no paths are needed on the command line. */
    private GitCommand diff(Collection<PathChange> changes, String... format) throws IOException {
        List<String> arguments = new ArrayList<>(
                List.of("diff-tree", "-r", "-M", "--no-ext-diff", "--no-textconv", "--submodule=short"));
        arguments.addAll(List.of(format));
        arguments.add(tree(changes, PathChange::before));
        arguments.add(tree(changes, PathChange::after));
        return shadow.command(arguments.toArray(String[]::new));
    }

    private String tree(Collection<PathChange> changes, Function<PathChange, @Nullable Entry> side) throws IOException {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        for (PathChange change : changes) {
            Entry entry = side.apply(change);
            if (entry != null) {
                lines.writeBytes((entry.mode() + " " + entry.id() + "\t").getBytes(StandardCharsets.US_ASCII));
                lines.writeBytes(change.path().bytes());
                lines.write(0);
            }
        }
        return tree(shadow.emptyTree(), lines.toByteArray());
    }

    /** The tree with these entries added, in the format of {@code update-index --index-info -z}. */
    String tree(String base, byte[] lines) throws IOException {
        Path folder = Files.createTempDirectory(shadow.folder(), "tree-");
        try {
            Path index = folder.resolve("index");
            shadow.withIndex(index, "read-tree", base).run();
            shadow.withIndex(index, "update-index", "-z", "--replace", "--index-info")
                    .input(lines)
                    .run();
            return shadow.withIndex(index, "write-tree", "--missing-ok").run().line();
        } finally {
            Folders.delete(folder);
        }
    }
}
