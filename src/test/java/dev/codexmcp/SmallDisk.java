package dev.codexmcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.codexmcp.testkit.OrdinaryUser;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A small file system mounted at a folder. Only root can do that, so the test is skipped for other users. */
final class SmallDisk implements AutoCloseable {
    private final Path folder;

    private SmallDisk(Path folder) {
        this.folder = folder;
    }

    /** Mounts an empty file system of this size, such as {@code 8m}, with room for 64 files. */
    static SmallDisk mount(Path folder, String size) throws Exception {
        assumeTrue(OrdinaryUser.testsRunAsRoot(), "only root can mount a small disk");
        Process mount = run("mount", "-t", "tmpfs", "-o", "size=" + size + ",nr_inodes=64", "tmpfs", folder.toString());
        String output = new String(mount.getInputStream().readAllBytes(), UTF_8);
        assumeTrue(mount.waitFor() == 0, "cannot mount a small disk: " + output);
        return new SmallDisk(folder);
    }

    /** Uses up all space, for data and for new files. */
    void fill() throws IOException {
        try (OutputStream file = Files.newOutputStream(folder.resolve("filler"))) {
            while (true) {
                file.write(new byte[4096]);
            }
        } catch (IOException full) {
            fillWithFiles();
        }
    }

    private void fillWithFiles() throws IOException {
        for (int i = 0; ; i++) {
            try {
                Files.createFile(folder.resolve("filler-" + i));
            } catch (IOException full) {
                return;
            }
        }
    }

    /** Frees the space that {@link #fill} used up. */
    void empty() throws IOException {
        try (DirectoryStream<Path> fillers = Files.newDirectoryStream(folder, "filler*")) {
            for (Path filler : fillers) {
                Files.delete(filler);
            }
        }
    }

    @Override
    public void close() throws IOException {
        // Reading the output until EOF waits for the program's exit.
        run("umount", "-l", folder.toString()).getInputStream().readAllBytes();
    }

    private static Process run(String... command) throws IOException {
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }
}
