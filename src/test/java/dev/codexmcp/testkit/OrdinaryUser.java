package dev.codexmcp.testkit;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Runs programs without the superuser's powers, no matter which user runs the tests. Root reads every file, enters every folder and
 * inspects every process, so a test that passes as root only shows little.
 *
 * <p>If the tests run as root, the program runs as user and group {@value #ID} without supplementary groups, through {@code
 * setpriv}, which replaces itself with the program: the process id and the parent are those of a direct start. If the tests
 * run as an ordinary user, the program runs as it is.
 *
 * <pre>{@code
 * assumeTrue(OrdinaryUser.isAvailable(), OrdinaryUser.MISSING);
 * OrdinaryUser.give(folder);
 * new ProcessBuilder(OrdinaryUser.command(List.of("sh", "-c", script))).directory(folder.toFile()).start();
 * }</pre>
 *
 * <p>The environment stays as it is, so {@code HOME} may name a folder that the program cannot enter. JUnit's temporary
 * folders belong to the user who runs the tests: {@link #give} changes the owner of one.
 */
public final class OrdinaryUser {
    /** The user and the group: the one that Linux calls {@code nobody}. */
    public static final int ID = 65534;

    /** The reason to give for a test that is skipped because {@link #isAvailable} is false. */
    public static final String MISSING =
            "the tests run as root, and there is no setpriv to run a program as somebody else";

    private static final Path SETPRIV = Path.of("/usr/bin/setpriv");
    private static final boolean ROOT = new UnixSystem().getUid() == 0;

    private OrdinaryUser() {}

    /** Whether the tests themselves run as root. */
    public static boolean testsRunAsRoot() {
        return ROOT;
    }

    /** Whether programs can be run as an ordinary user here. */
    public static boolean isAvailable() {
        return !ROOT || Files.isExecutable(SETPRIV);
    }

    /** The command that runs this one as an ordinary user. */
    public static List<String> command(List<String> command) {
        List<String> whole = new ArrayList<>();
        if (ROOT) {
            whole.addAll(List.of(SETPRIV.toString(), "--reuid=" + ID, "--regid=" + ID, "--clear-groups", "--"));
        }
        whole.addAll(command);
        return List.copyOf(whole);
    }

    /**
     * Makes the ordinary user the owner of a folder and of everything in it. Links are changed themselves, not what they
     * point at. Does nothing if the tests run as an ordinary user, who already owns the folder.
     */
    public static void give(Path folder) throws IOException {
        if (!ROOT) {
            return;
        }
        try (Stream<Path> tree = Files.walk(folder)) {
            for (Path path : tree.toList()) {
                Files.setAttribute(path, "unix:uid", ID, NOFOLLOW_LINKS);
                Files.setAttribute(path, "unix:gid", ID, NOFOLLOW_LINKS);
            }
        }
    }
}
