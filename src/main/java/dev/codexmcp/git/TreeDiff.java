package dev.codexmcp.git;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What differs between snapshots of one repository, as paths, as files with line counts, and as a patch. Thread-safe. */
public final class TreeDiff {
    private static final byte[] NEXT_FILE = "\ndiff --git ".getBytes(StandardCharsets.US_ASCII);

    private final ShadowRepository shadow;

    TreeDiff(ShadowRepository shadow) {
        this.shadow = shadow;
    }

    /**
     * A piece of a patch.
     *
     * @param text as bytes, since files need not be UTF-8
     * @param next where the next piece begins; -1 if there is none
     */
    public record Page(byte[] text, long next) {}

    /**
     * The paths that differ, in order. What one of the snapshots has left out is not among them: of it nothing is known.
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

    /** The paths that differ between two trees, in order. */
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

    /** What the tree says of these paths; those that it does not have are not in the answer. */
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

    /** The changes as files: renames found, lines counted. In the order of git. */
    public List<FileChange> files(Collection<PathChange> changes) throws IOException {
        if (changes.isEmpty()) {
            return List.of();
        }
        List<RepoPath> parts =
                diff(changes, "-z", "--raw", "--numstat", "--no-abbrev").parts();
        List<FileChange> found = new ArrayList<>();
        int at = 0;
        for (; at < parts.size() && ascii(parts.get(at)).startsWith(":"); at += 2) {
            String words = ascii(parts.get(at));
            RepoPath path = parts.get(at + 1);
            char status = words.charAt(words.lastIndexOf(' ') + 1);
            if (status == 'R') {
                at++;
                found.add(new FileChange(parts.get(at + 1), FileChange.Kind.RENAME, path, 0, 0));
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
                            FileChange.Kind.UPDATE,
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

    private static FileChange.Kind kind(char status) {
        if (status == 'A') {
            return FileChange.Kind.ADD;
        }
        return status == 'D' ? FileChange.Kind.DELETE : FileChange.Kind.UPDATE;
    }

    private static int count(String number) {
        return number.equals("-") ? -1 : Integer.parseInt(number);
    }

    private static String ascii(RepoPath part) {
        return new String(part.bytes(), StandardCharsets.ISO_8859_1);
    }

    /**
     * A piece of the patch that {@code git apply} takes for these changes, binary files included. It ends between two files;
     * only a file that does not fit alone is cut, at the end of a line if it has one.
     *
     * @param from 0, or {@link Page#next} of the piece before, of a call with the same changes
     * @param most bytes, at least one
     */
    public Page patch(Collection<PathChange> changes, long from, int most) throws IOException {
        if (changes.isEmpty()) {
            return new Page(new byte[0], -1);
        }
        byte[] patch = diff(
                        changes,
                        "--patch",
                        "--binary",
                        "--full-index",
                        "--no-color",
                        "--src-prefix=a/",
                        "--dst-prefix=b/")
                .bytes();
        int start = (int) Math.max(0, Math.min(from, patch.length));
        int end = end(patch, start, Math.max(1, most));
        byte[] text = new byte[end - start];
        System.arraycopy(patch, start, text, 0, text.length);
        return new Page(text, end == patch.length ? -1 : end);
    }

    private static int end(byte[] patch, int start, int most) {
        if (patch.length - start <= most) {
            return patch.length;
        }
        int limit = start + most;
        int line = -1;
        for (int at = limit - 1; at > start; at--) {
            if (patch[at] == '\n') {
                if (isNextFile(patch, at)) {
                    return at + 1;
                }
                line = Math.max(line, at + 1);
            }
        }
        return line > start ? line : limit;
    }

    /** No line of a file's content begins so: it has a sign before it, and a binary one has no blanks. */
    private static boolean isNextFile(byte[] patch, int at) {
        for (int i = 0; i < NEXT_FILE.length; i++) {
            if (at + i >= patch.length || patch[at + i] != NEXT_FILE[i]) {
                return false;
            }
        }
        return true;
    }

    /** Compares two trees that hold these paths alone: so no list of paths has to go on a command line. */
    private GitOutput diff(Collection<PathChange> changes, String... format) throws IOException {
        List<String> arguments = new ArrayList<>(
                List.of("diff-tree", "-r", "-M", "--no-ext-diff", "--no-textconv", "--submodule=short"));
        arguments.addAll(List.of(format));
        arguments.add(tree(changes, PathChange::before));
        arguments.add(tree(changes, PathChange::after));
        return shadow.command(arguments.toArray(String[]::new)).run();
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

    /** The tree with these entries put in, as {@code update-index --index-info -z} takes them. */
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
