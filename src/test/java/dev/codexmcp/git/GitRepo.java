package dev.codexmcp.git;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A repository for a test, with git as its user runs it. */
final class GitRepo {
    private final Path root;

    private GitRepo(Path root) {
        this.root = root;
    }

    /** A repository with one commit, which holds {@code readme}. */
    static GitRepo create(Path root) throws IOException {
        GitRepo repo = unborn(root);
        repo.write("readme", "one\ntwo\nthree\n");
        repo.git("add", "-A");
        repo.git("commit", "-qm", "first");
        return repo;
    }

    static GitRepo unborn(Path root) throws IOException {
        Files.createDirectories(root);
        GitRepo repo = new GitRepo(root.toRealPath());
        repo.git("init", "-q", "-b", "main");
        return repo;
    }

    static GitRepo at(Path root) throws IOException {
        return new GitRepo(root.toRealPath());
    }

    /** The server's environment, without the configuration of the user who runs the tests. */
    static Map<String, String> environment(Path home) {
        Map<String, String> environment = new HashMap<>();
        environment.put("PATH", System.getenv("PATH"));
        environment.put("HOME", home.toString());
        return environment;
    }

    static SnapshotStore store(Path folder) throws IOException {
        Path home = Files.createDirectories(folder.resolve("home"));
        return new SnapshotStore(
                GitProgram.find(environment(home), folder.resolve("scratch")), folder.resolve("state"));
    }

    Path root() {
        return root;
    }

    Repository repository() throws IOException {
        return Repository.find(root).orElseThrow();
    }

    Path path(String name) {
        return root.resolve(name);
    }

    GitRepo write(String name, String text) throws IOException {
        return write(name, text.getBytes(UTF_8));
    }

    GitRepo write(String name, byte[] bytes) throws IOException {
        Files.createDirectories(path(name).getParent());
        Files.write(path(name), bytes);
        return this;
    }

    GitRepo delete(String name) throws IOException {
        Folders.delete(path(name));
        return this;
    }

    void commitAll() throws IOException {
        git("add", "-A");
        git("commit", "-qm", "more");
    }

    /** Runs git as the user would, and returns its stdout. */
    String git(String... arguments) throws IOException {
        return run(new byte[0], arguments);
    }

    String gitWithInput(byte[] input, String... arguments) throws IOException {
        return run(input, arguments);
    }

    private String run(byte[] input, String... arguments) throws IOException {
        List<String> line = new ArrayList<>(List.of(
                "git",
                "-c",
                "user.name=Test",
                "-c",
                "user.email=test@example.org",
                "-c",
                "protocol.file.allow=always"));
        line.addAll(List.of(arguments));
        return exec(root, input, line);
    }

    static String exec(Path directory, byte[] input, List<String> line) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(line).directory(directory.toFile());
        builder.redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
        builder.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
        builder.environment().put("GIT_CONFIG_NOSYSTEM", "1");
        Process process = builder.start();
        process.getOutputStream().write(input);
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(line + ": " + output);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        return output;
    }

    /** Every file and link below the root by path: type, executable bit and content, without {@code .git}. */
    Map<String, String> files() throws IOException {
        return files(root, Set.of(".git"));
    }

    /**
     * Everything in a {@code .git}, with times, so that any write shows. Objects are listed without times: git updates
     * the time of an object that it would otherwise write again.
     */
    static Map<String, String> everything(Path folder) throws IOException {
        Map<String, String> found = new TreeMap<>();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                String path = folder.relativize(file).toString();
                String time = path.startsWith("objects/") ? "" : attributes.lastModifiedTime() + " ";
                found.put(path, time + describe(file, attributes));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                found.put(folder.relativize(directory) + "/", "" + attributes.lastModifiedTime());
                return FileVisitResult.CONTINUE;
            }
        });
        return found;
    }

    private static Map<String, String> files(Path folder, Set<String> skipped) throws IOException {
        Map<String, String> found = new TreeMap<>();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                return skipped.contains(directory.getFileName().toString())
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (!skipped.contains(file.getFileName().toString())) {
                    found.put(folder.relativize(file).toString(), describe(file, attributes));
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return found;
    }

    private static String describe(Path file, BasicFileAttributes attributes) throws IOException {
        if (attributes.isSymbolicLink()) {
            return "link " + Files.readSymbolicLink(file);
        }
        if (!attributes.isRegularFile()) {
            return "other";
        }
        return (Files.isExecutable(file) ? "x " : "- ") + new String(Files.readAllBytes(file), ISO_8859_1);
    }

    void executable(String name, boolean value) throws IOException {
        Set<PosixFilePermission> permissions = EnumSet.copyOf(Files.getPosixFilePermissions(path(name)));
        for (PosixFilePermission permission : List.of(
                PosixFilePermission.OWNER_EXECUTE,
                PosixFilePermission.GROUP_EXECUTE,
                PosixFilePermission.OTHERS_EXECUTE)) {
            if (value) {
                permissions.add(permission);
            } else {
                permissions.remove(permission);
            }
        }
        Files.setPosixFilePermissions(path(name), permissions);
    }
}
