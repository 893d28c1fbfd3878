package dev.codexmcp.testkit;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;

/**
 * A real host from npm, installed once into the user's cache.
 *
 * @param npm the package
 * @param node the oldest major version of Node.js that it runs on; a newer Node.js comes from npm too if the one on PATH is older
 */
public record HostPackage(NpmPackage npm, int node) {

    private static final NpmPackage NODE = new NpmPackage("node", "22.23.3", "node", "185 MB");
    private static final Pattern VERSION = Pattern.compile("v(\\d+)\\..*\\s*");

    /** The folders to put in front of PATH. A host that cannot be installed skips the test, with a line on stderr. */
    public String path() {
        try {
            Path host = npm.installed().resolveSibling("");
            return hasNode() ? host.toString() : host + ":" + NODE.installed().resolveSibling("");
        } catch (UncheckedIOException | IllegalStateException e) {
            String reason = npm.name() + " " + npm.version() + " cannot be installed from npm: " + e.getMessage();
            System.err.println("SKIPPED: " + reason);
            return Assumptions.abort(reason);
        }
    }

    private boolean hasNode() {
        return nodeOnPath().filter(major -> major >= node).isPresent();
    }

    private static Optional<Integer> nodeOnPath() {
        Matcher version =
                VERSION.matcher(NpmPackage.run(null, "node", "--version").output());
        return version.matches() ? Optional.of(Integer.valueOf(version.group(1))) : Optional.empty();
    }
}
