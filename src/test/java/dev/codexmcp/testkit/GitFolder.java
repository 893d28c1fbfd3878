package dev.codexmcp.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** A repository with one commit, and git as its user runs it. */
public final class GitFolder {
    private final Path root;

    private GitFolder(Path root) {
        this.root = root;
    }

    /** A new repository in this folder, with a file {@code readme} committed. */
    public static GitFolder create(Path folder) {
        GitFolder repository = new GitFolder(ScratchFolders.fresh(folder));
        repository.git("init", "-q", "-b", "main");
        repository.write("readme", "one\ntwo\nthree\n");
        repository.commit();
        return repository;
    }

    public Path root() {
        return root;
    }

    public Path path(String file) {
        return root.resolve(file);
    }

    public GitFolder write(String file, String text) {
        try {
            Files.createDirectories(Objects.requireNonNull(path(file).getParent()));
            Files.writeString(path(file), text);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
        return this;
    }

    public String read(String file) {
        try {
            return Files.readString(path(file));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    public void commit() {
        git("add", "-A");
        git("commit", "-q", "--allow-empty", "-m", "more");
    }

    /** What {@code git status --porcelain} prints, untracked files one by one. */
    public List<String> status() {
        return git("status", "--porcelain", "-uall").lines().toList();
    }

    /** Runs git, which must succeed, and returns its output. */
    public String git(String... arguments) {
        List<String> command = new ArrayList<>(
                List.of("git", "-c", "user.name=Test", "-c", "user.email=test@example.org", "-C", root.toString()));
        command.addAll(List.of(arguments));
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
            builder.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
            builder.environment().put("GIT_CONFIG_NOSYSTEM", "1");
            Process git = builder.start();
            git.getOutputStream().close();
            String output = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (git.waitFor() != 0) {
                throw new AssertionError(command + " failed: " + output);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException("git does not run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
