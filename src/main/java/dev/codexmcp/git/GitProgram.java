package dev.codexmcp.git;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The git on PATH and the environment it runs in: the caller's, without the variables that git reads, and with settings
 * that keep it from running other programs.
 */
public final class GitProgram {
    /** The oldest version that takes settings from its environment and can ignore the user's. */
    private static final Version OLDEST = new Version(2, 32);

    private static final Pattern VERSION = Pattern.compile("git version (\\d+)\\.(\\d+)");

    private final Path executable;
    private final Path scratch;
    private final Path noHooks;
    private final Map<String, String> environment;
    private final Version version;

    /** The user's own settings, read once. */
    private final Map<String, String> usersConfig;

    /** The runs of git that have not ended. */
    private final Set<GitCommand.Running> running = ConcurrentHashMap.newKeySet();

    private volatile boolean closed;

    /** A version of git, without the patch level. */
    record Version(int major, int minor) {
        boolean isAtLeast(Version other) {
            return major > other.major || (major == other.major && minor >= other.minor);
        }

        @Override
        public String toString() {
            return major + "." + minor;
        }
    }

    private GitProgram(Path executable, Path scratch, Map<String, String> environment) throws IOException {
        this.executable = executable;
        this.scratch = scratch;
        this.noHooks = Files.createDirectories(scratch.resolve("no-hooks"));
        this.environment = environment;
        GitCommand.Running asked = new GitCommand(this, scratch, Settings.none(), List.of("version")).start();
        GitCommand.Running users = RepositoryConfig.users(this).start();
        String words;
        GitOutput settings;
        try {
            words = asked.await().text();
        } finally {
            settings = users.await();
        }
        Matcher matcher = VERSION.matcher(words);
        if (!matcher.find()) {
            throw new GitException(
                    GitException.Problem.TOO_OLD,
                    executable + " is not git: it printed " + words.length() + " characters without a version.");
        }
        this.version = new Version(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
        require(OLDEST, "This server");
        this.usersConfig = RepositoryConfig.parse(settings);
    }

    /**
     * Finds git and asks for its version.
     *
     * @param variables the environment of this process
     * @param folder created if missing, for this user only; holds git's output while it runs
     */
    public static GitProgram find(Map<String, String> variables, Path folder) throws IOException {
        Path scratch = makePrivate(folder).toRealPath();
        for (String entry : variables.getOrDefault("PATH", "").split(":", -1)) {
            Path candidate = candidate(entry);
            // Skips relative entries: they could find a program that a worker has placed there.
            if (candidate.isAbsolute() && Files.isRegularFile(candidate) && Files.isExecutable(candidate)) {
                return new GitProgram(candidate, scratch, environment(variables));
            }
        }
        throw new GitException(GitException.Problem.MISSING, "No git found on PATH.");
    }

    private static Path candidate(String entry) {
        try {
            return Path.of(entry, "git");
        } catch (InvalidPathException e) {
            return Path.of("git");
        }
    }

    /** Creates the folder, with its parents if needed; only its user may enter it. */
    static Path makePrivate(Path folder) throws IOException {
        Files.createDirectories(folder);
        if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        }
        return folder;
    }

    private static Map<String, String> environment(Map<String, String> variables) {
        Map<String, String> environment = new TreeMap<>();
        variables.forEach((name, value) -> {
            if (!name.startsWith("GIT_") && !name.equals("LANGUAGE") && !name.startsWith("LC_")) {
                environment.put(name, value);
            }
        });
        environment.put("LC_ALL", "C");
        environment.put("GIT_OPTIONAL_LOCKS", "0");
        environment.put("GIT_TERMINAL_PROMPT", "0");
        environment.put("GIT_NO_REPLACE_OBJECTS", "1");
        environment.put("GIT_NO_LAZY_FETCH", "1");
        // Unlike protocol.allow, no setting of a repository overrides it. Git before 2.45 fetches missing objects all
        // the same.
        environment.put("GIT_ALLOW_PROTOCOL", "none");
        environment.put("GIT_LITERAL_PATHSPECS", "1");
        environment.put("GIT_ASKPASS", "true");
        environment.put("SSH_ASKPASS", "true");
        environment.put("GIT_EDITOR", "true");
        environment.put("GIT_PAGER", "cat");
        for (String trace : List.of("GIT_TRACE", "GIT_TRACE2", "GIT_TRACE2_EVENT", "GIT_TRACE2_PERF")) {
            environment.put(trace, "0");
        }
        return environment;
    }

    /** Throws if this git is older than {@code needed}. */
    void require(Version needed, String what) throws GitException {
        if (!version.isAtLeast(needed)) {
            throw new GitException(
                    GitException.Problem.TOO_OLD,
                    what + " needs git " + needed + "; " + executable + " is " + version + ".");
        }
    }

    /** A run of git in this directory. */
    GitCommand command(Path directory, Settings settings, String... arguments) {
        return new GitCommand(this, directory, settings, List.of(arguments));
    }

    /** Notes a run, which is killed if the server ends first. */
    void started(GitCommand.Running run) {
        running.add(run);
        if (closed) {
            run.kill();
        }
    }

    void ended(GitCommand.Running run) {
        running.remove(run);
    }

    /** Kills every git that runs, and every one that is started later. */
    void close() {
        closed = true;
        running.forEach(GitCommand.Running::kill);
    }

    Path executable() {
        return executable;
    }

    Path scratch() {
        return scratch;
    }

    /** The user's own settings, the last for each key. */
    Map<String, String> usersConfig() {
        return usersConfig;
    }

    /** A folder without hooks. */
    Path noHooks() {
        return noHooks;
    }

    Map<String, String> environment() {
        return environment;
    }
}
