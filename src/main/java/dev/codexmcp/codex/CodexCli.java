package dev.codexmcp.codex;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Finds the CLI. Searches each time, so that a CLI installed or upgraded while the server is running is found.
 *
 * @param configured {@code CODEX_MCP_CODEX_BIN}: a path, or a name to find on {@code searchPath}
 * @param searchPath {@code PATH}
 * @param node if present, the native program is started instead of npm's script, in the way the script would start it
 *     in this environment; empty if {@code CODEX_MCP_NATIVE=off}
 */
public record CodexCli(Optional<String> configured, String searchPath, Optional<NodeEnvironment> node) {
    private static final String INSTALL =
            "Install it with \"npm install -g @openai/codex\", put its folder on the server's"
                    + " PATH, or set CODEX_MCP_CODEX_BIN in the server's environment.";

    /** Resolves npm's script to the native program, as if none of Node's and npm's variables were set. */
    public CodexCli(Optional<String> configured, String searchPath) {
        this(configured, searchPath, Optional.of(NodeEnvironment.NONE));
    }

    /** The program to start for a worker. */
    public CodexProgram program() throws CodexMissingException {
        String found = find();
        CodexProgram program = NpmScript.resolve(found, node.orElse(NodeEnvironment.NONE));
        if (node.isEmpty() && program.kind() != CodexProgram.Kind.OTHER) {
            program = CodexProgram.script(found, "CODEX_MCP_NATIVE is off");
        }
        return ExecutableFormat.fits(Path.of(program.path())) ? program : reject(program.path());
    }

    private String find() throws CodexMissingException {
        String name = configured.orElse("codex");
        if (name.contains(File.separator)) {
            if (isProgram(Path.of(name))) {
                return name;
            }
            throw new CodexMissingException("Codex CLI not found: CODEX_MCP_CODEX_BIN is \"" + name
                    + "\", which " + (Files.exists(Path.of(name)) ? "is not an executable file" : "does not exist")
                    + ". " + INSTALL);
        }
        for (String folder : searchPath.split(File.pathSeparator)) {
            Path candidate = Path.of(folder.isEmpty() ? "." : folder, name);
            if (isProgram(candidate)) {
                return candidate.toString();
            }
        }
        throw new CodexMissingException("Codex CLI not found: no \"" + name + "\" in any folder of the server's PATH ("
                + searchPath + "). " + INSTALL);
    }

    static boolean isProgram(Path path) {
        return Files.isExecutable(path) && !Files.isDirectory(path);
    }

    /** Java would pass a file that the system cannot execute to a shell, which fails with a misleading message. */
    private static CodexProgram reject(String program) throws CodexMissingException {
        throw new CodexMissingException("Cannot run the Codex CLI: \"" + program + "\" is neither a script that starts "
                + "with #! nor a binary for this system (exec format error). " + INSTALL);
    }

    /** The CLI was not found or cannot be run. The message names the places searched and explains how to install it. */
    public static final class CodexMissingException extends Exception {
        private static final long serialVersionUID = 1L;

        CodexMissingException(String message) {
            super(message);
        }
    }
}
