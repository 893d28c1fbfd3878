package dev.codexmcp.codex;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Finds the CLI. Looks anew each time, so that one installed or upgraded while the server runs is found.
 *
 * @param configured {@code CODEX_MCP_CODEX_BIN}: a path, or a name to look for on {@code searchPath}
 * @param searchPath {@code PATH}
 * @param node if present, the native program behind npm's script is started in its place, as the script would start it in
 *     this environment; empty with {@code CODEX_MCP_NATIVE=off}
 */
public record CodexCli(Optional<String> configured, String searchPath, Optional<NodeEnvironment> node) {
    private static final String INSTALL =
            "Install it with \"npm install -g @openai/codex\", put its folder on the server's"
                    + " PATH, or name it in the server's environment as CODEX_MCP_CODEX_BIN.";

    /** Finds the native program behind npm's script, with none of Node's and npm's variables set. */
    public CodexCli(Optional<String> configured, String searchPath) {
        this(configured, searchPath, Optional.of(NodeEnvironment.NONE));
    }

    /** What to start for a worker. */
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
            throw new CodexMissingException("The Codex CLI is not there: CODEX_MCP_CODEX_BIN names \"" + name
                    + "\", which " + (Files.exists(Path.of(name)) ? "is not an executable file" : "does not exist")
                    + ". " + INSTALL);
        }
        for (String folder : searchPath.split(File.pathSeparator)) {
            Path candidate = Path.of(folder.isEmpty() ? "." : folder, name);
            if (isProgram(candidate)) {
                return candidate.toString();
            }
        }
        throw new CodexMissingException("The Codex CLI is not there: no \"" + name
                + "\" in any folder of the server's PATH (" + searchPath + "). " + INSTALL);
    }

    static boolean isProgram(Path path) {
        return Files.isExecutable(path) && !Files.isDirectory(path);
    }

    /** Java hands what the system can't execute to a shell, which makes nonsense of it: better to say so here. */
    private static CodexProgram reject(String program) throws CodexMissingException {
        throw new CodexMissingException(
                "The Codex CLI can't be run: \"" + program + "\" is neither a script that begins "
                        + "with #! nor a binary for this system (exec format error). " + INSTALL);
    }

    /** There is no CLI to run; the message says where it was looked for and how to get it. */
    public static final class CodexMissingException extends Exception {
        private static final long serialVersionUID = 1L;

        CodexMissingException(String message) {
            super(message);
        }
    }
}
