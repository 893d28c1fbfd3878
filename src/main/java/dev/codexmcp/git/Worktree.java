package dev.codexmcp.git;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Properties;

/**
 * A working tree for a single job.
 *
 * @param folder the folder of ours that holds its record and the tree
 * @param mainRoot the root of the user's working tree
 * @param branch its branch, without {@code refs/heads/}
 * @param base the commit it started from
 */
public record Worktree(Path folder, Path mainRoot, String branch, String base) {
    private static final String RECORD = "worktree";

    public Worktree {
        Objects.requireNonNull(folder);
        Objects.requireNonNull(mainRoot);
        Objects.requireNonNull(branch);
        Objects.requireNonNull(base);
    }

    /** The job's working directory. */
    public Path path() {
        return folder.resolve("tree");
    }

    /** The folder of the main tree that corresponds to this folder of the worktree; its root for a folder outside. */
    public Path inMainTree(Path directory) {
        return directory.startsWith(path())
                ? mainRoot.resolve(path().relativize(directory).toString())
                : mainRoot;
    }

    void write() throws IOException {
        Properties values = new Properties();
        values.setProperty("root", mainRoot.toString());
        values.setProperty("branch", branch);
        values.setProperty("base", base);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        values.store(out, null);
        DurableFile.write(folder.resolve(RECORD), out.toByteArray());
    }

    /** Reads the record in the folder. */
    static Worktree read(Path folder) throws IOException {
        Properties values = new Properties();
        values.load(new StringReader(Files.readString(folder.resolve(RECORD), StandardCharsets.ISO_8859_1)));
        return new Worktree(
                folder,
                Path.of(values.getProperty("root", "")),
                values.getProperty("branch", ""),
                values.getProperty("base", ""));
    }

    static boolean isRecorded(Path folder) {
        return Files.isRegularFile(folder.resolve(RECORD));
    }
}
