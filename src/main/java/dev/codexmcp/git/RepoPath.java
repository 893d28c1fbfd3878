package dev.codexmcp.git;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A path below the root of a repository, with slashes, as the file system's bytes, which need not be UTF-8. As text it
 * is the path itself, but a path that is not UTF-8 or begins with a double quote is quoted as by git: in double quotes,
 * with {@code \"}, {@code \\} and three octal digits for each other byte that is not printable ASCII. Ordered by bytes.
 */
public final class RepoPath implements Comparable<RepoPath> {
    /** The root itself, which contains all paths. */
    public static final RepoPath ROOT = new RepoPath("");

    /** One character per byte. */
    private final String bytes;

    private RepoPath(String bytes) {
        this.bytes = bytes;
    }

    static RepoPath ofBytes(byte[] source, int from, int to) {
        return new RepoPath(new String(source, from, to - from, StandardCharsets.ISO_8859_1));
    }

    /** The path with exactly these characters; quotes have no special meaning. */
    public static RepoPath plain(String path) {
        return new RepoPath(new String(path.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
    }

    /** Parses what {@link #text} returns. */
    public static RepoPath of(String text) {
        if (!isQuoted(text)) {
            return plain(text);
        }
        byte[] quoted = text.substring(1, text.length() - 1).getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < quoted.length; i++) {
            int octal = quoted[i] == '\\' ? octal(quoted, i + 1) : -1;
            if (octal >= 0) {
                out.write(octal);
                i += 3;
            } else if (quoted[i] == '\\' && i + 1 < quoted.length) {
                out.write(quoted[++i]);
            } else {
                out.write(quoted[i]);
            }
        }
        return new RepoPath(out.toString(StandardCharsets.ISO_8859_1));
    }

    private static boolean isQuoted(String text) {
        return text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"");
    }

    /**
     * A path as a caller names it: as {@link #text} returns it, absolute, or relative to the root, which is {@link #ROOT}.
     *
     * @return empty if it is outside the root
     */
    public static Optional<RepoPath> given(Path root, String path) {
        if (isQuoted(path)) {
            return Optional.of(of(path)).filter(RepoPath::isSafe);
        }
        try {
            if (root.resolve(path).normalize().equals(root)) {
                return Optional.of(ROOT);
            }
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
        return within(root, root, path);
    }

    /**
     * A path as a worker names it: absolute, or relative to its working directory.
     *
     * @return empty if it is not below the root
     */
    public static Optional<RepoPath> within(Path root, Path workingDirectory, String path) {
        Path relative;
        try {
            Path absolute = workingDirectory.resolve(path).normalize();
            if (!absolute.startsWith(root) || absolute.equals(root)) {
                return Optional.empty();
            }
            relative = root.relativize(absolute);
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
        return Optional.of(
                plain(relative.toString().replace(relative.getFileSystem().getSeparator(), "/")));
    }

    private static int octal(byte[] text, int at) {
        if (at + 2 >= text.length) {
            return -1;
        }
        int value = 0;
        for (int i = at; i < at + 3; i++) {
            if (text[i] < '0' || text[i] > '7') {
                return -1;
            }
            value = value * 8 + text[i] - '0';
        }
        return value < 256 ? value : -1;
    }

    /** The path as text, which {@link #of} parses. */
    public String text() {
        String utf8 = utf8();
        return utf8 == null || utf8.startsWith("\"") ? quoted() : utf8;
    }

    /** The path in double quotes, in printable ASCII. */
    String quoted() {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < bytes.length(); i++) {
            char c = bytes.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c >= ' ' && c < 0x7F) {
                quoted.append(c);
            } else {
                quoted.append(String.format(Locale.ROOT, "\\%03o", (int) c));
            }
        }
        return quoted.append('"').toString();
    }

    private @Nullable String utf8() {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes()))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    byte[] bytes() {
        return bytes.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The location of this path on disk. Does not access the disk. */
    public Path under(Path root) {
        if (bytes.chars().allMatch(c -> c > 0 && c < 0x80)) {
            return root.resolve(bytes);
        }
        // A URI carries bytes that a String of this JVM's file names can't.
        String base = root.toUri().getRawPath();
        StringBuilder uri = new StringBuilder("file://").append(base).append(base.endsWith("/") ? "" : "/");
        for (int i = 0; i < bytes.length(); i++) {
            char c = bytes.charAt(i);
            boolean plain = c == '/' || (c < 0x80 && Character.isLetterOrDigit(c));
            uri.append(plain ? String.valueOf(c) : String.format(Locale.ROOT, "%%%02X", (int) c));
        }
        return Path.of(URI.create(uri.toString()));
    }

    /** The folder that contains the path; null at the root. */
    @Nullable
    RepoPath parent() {
        int slash = bytes.lastIndexOf('/');
        return slash < 0 ? null : new RepoPath(bytes.substring(0, slash));
    }

    /** Whether this is {@code folder} or below it. */
    public boolean isWithin(RepoPath folder) {
        return equals(folder) || folder.equals(ROOT) || bytes.startsWith(folder.bytes + "/");
    }

    /** Whether writing here stays in the repository and out of its .git, on any file system, symbolic links aside. */
    boolean isSafe() {
        String path = utf8() == null ? bytes : utf8();
        if (path.isEmpty() || path.startsWith("/") || path.indexOf('\0') >= 0) {
            return false;
        }
        for (String name : path.split("/", -1)) {
            if (name.isEmpty() || name.equals(".") || name.equals("..") || isGit(name)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether some file system treats the name as {@code .git}: case, trailing dots, short names, streams, ignored
     * characters.
     */
    private static boolean isGit(String name) {
        StringBuilder seen = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == ':' || c == '\\') {
                break;
            }
            if (Character.getType(c) != Character.FORMAT) {
                seen.append(c);
            }
        }
        String plain = seen.toString().replaceFirst("[. ]+$", "").toLowerCase(Locale.ROOT);
        return plain.equals(".git") || plain.equals("git~1");
    }

    @Override
    public int compareTo(RepoPath other) {
        return bytes.compareTo(other.bytes);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RepoPath path && bytes.equals(path.bytes);
    }

    @Override
    public int hashCode() {
        return bytes.hashCode();
    }

    @Override
    public String toString() {
        return text();
    }
}
