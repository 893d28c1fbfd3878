package dev.codexmcp.codex;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * npm's script {@code @openai/codex/bin/codex.js}, and the native program behind it. The script selects that program,
 * sets three variables and starts it; it then execs it or, before Node 22.15, waits for it. This class does the same
 * without Node if it knows the script's text; any other script is run as is.
 *
 * <p>There is one difference from a start through an older Node: signals that this process ignores or blocks stay
 * ignored or blocked in the worker (Java blocks SIGQUIT), as they do if the script execs the program.
 */
final class NpmScript {
    /** SHA-256 of the known scripts: 0.153.0 to 0.165.0, and 0.166.0 to 0.169.0. */
    private static final Set<String> UNDERSTOOD = Set.of(
            "61b0194f3bb6534439c8d26a3ed57d0805f84b884588b761795323eeb92fcf70",
            "e14fc83739c13c1074b12bd1acce4010c893c7f6fbfc1593b4a31d74cabb57af");

    private static final Path PLACE = Path.of("@openai", "codex", "bin", "codex.js");

    /** Identifies the state of a file. The modification time alone is not enough: package managers set it. */
    private static final String STATE = "unix:dev,ino,ctime,lastModifiedTime,size";

    /** The last script examined: every spawn usually asks about the same one. */
    private static volatile @Nullable Seen last;

    /** The native program's package for a system, and the folder in it. */
    private record Target(String name, String triple) {}

    /** A result, and everything it depends on. */
    private record Seen(
            String program, Path script, Map<String, Object> state, NodeEnvironment node, CodexProgram answer) {}

    private NpmScript() {}

    /**
     * Finds the native program behind an executable file. Repeating the last call costs a few {@code stat} calls if
     * nothing has changed.
     *
     * @return the program itself, of kind {@link CodexProgram.Kind#OTHER}, if it isn't npm's script
     */
    static CodexProgram resolve(String program, NodeEnvironment node) {
        try {
            Path script = Path.of(program).toRealPath();
            if (!script.endsWith(PLACE)) {
                return CodexProgram.plain(program);
            }
            Map<String, Object> state = Files.readAttributes(script, STATE);
            Seen seen = last;
            if (seen != null
                    && seen.equals(new Seen(program, script, state, node, seen.answer()))
                    && CodexCli.isProgram(Path.of(seen.answer().path()))) {
                return seen.answer();
            }
            CodexProgram answer = look(program, script, node);
            // An incomplete installation is not cached, since it may be completed later.
            if (answer.kind() == CodexProgram.Kind.NATIVE) {
                last = new Seen(program, script, state, node, answer);
            }
            return answer;
        } catch (IOException | UnsupportedOperationException e) {
            return CodexProgram.script(program, "it cannot be examined: " + e);
        }
    }

    private static CodexProgram look(String program, Path script, NodeEnvironment node) throws IOException {
        Optional<Target> target = target(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
        if (target.isEmpty()) {
            return CodexProgram.script(program, "no native program is known for this system");
        }
        if (!node.overrides().isEmpty()) {
            return CodexProgram.script(program, String.join(", ", node.overrides()) + " may change what Node runs");
        }
        if (!UNDERSTOOD.contains(digest(script))) {
            return CodexProgram.script(program, "this server does not know this version of the script");
        }
        Optional<Path> manifest = manifest(script, target.get());
        if (manifest.isEmpty()) {
            return CodexProgram.script(program, "the package " + target.get().name() + " is not installed with it");
        }
        Path binary = manifest.get()
                .toRealPath()
                .resolveSibling(Path.of("vendor", target.get().triple(), "bin", "codex"));
        if (!CodexCli.isProgram(binary) || !ExecutableFormat.fits(binary)) {
            return CodexProgram.script(program, binary + " cannot be executed");
        }
        Path packageRoot = script.resolve("../..").normalize();
        PackageManager manager =
                PackageManager.of(packageRoot, Path.of(program).toAbsolutePath().normalize(), node);
        Map<String, String> environment = new HashMap<>();
        environment.put("CODEX_MANAGED_PACKAGE_ROOT", packageRoot.toString());
        environment.put(manager.variable(), "1");
        return new CodexProgram(
                program,
                binary.toString(),
                CodexProgram.Kind.NATIVE,
                Optional.empty(),
                environment,
                PackageManager.variables());
    }

    /** @param system and processor as Java names them */
    private static Optional<Target> target(String system, String processor) {
        Optional<String> arch = switch (processor.toLowerCase(Locale.ROOT)) {
            case "amd64", "x86_64" -> Optional.of("x64");
            case "aarch64", "arm64" -> Optional.of("arm64");
            default -> Optional.empty();
        };
        String machine = arch.equals(Optional.of("x64")) ? "x86_64" : "aarch64";
        return switch (system) {
            case "Linux" ->
                arch.map(name -> new Target("@openai/codex-linux-" + name, machine + "-unknown-linux-musl"));
            case "Mac OS X" -> arch.map(name -> new Target("@openai/codex-darwin-" + name, machine + "-apple-darwin"));
            default -> Optional.empty();
        };
    }

    /**
     * The {@code package.json} of the native program's package, searched as Node does, in each {@code node_modules}
     * upwards.
     */
    private static Optional<Path> manifest(Path script, Target target) {
        for (Path folder = script.getParent(); folder != null; folder = folder.getParent()) {
            Path manifest =
                    folder.resolve("node_modules").resolve(target.name()).resolve("package.json");
            if (!folder.endsWith("node_modules") && Files.isRegularFile(manifest)) {
                return Optional.of(manifest);
            }
        }
        return Optional.empty();
    }

    private static String digest(Path script) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(script)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
