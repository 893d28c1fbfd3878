package dev.codexmcp.codex;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Finds the CLI. Looks anew each time, so that one installed while the server runs is found.
 *
 * @param configured {@code CODEX_MCP_CODEX_BIN}: a path, or a name to look for on {@code searchPath}
 * @param searchPath {@code PATH}
 */
public record CodexCli(Optional<String> configured, String searchPath) {
    private static final String INSTALL =
            "Install it with \"npm install -g @openai/codex\", put its folder on the server's"
                    + " PATH, or name it in the server's environment as CODEX_MCP_CODEX_BIN.";

    /** The program to start. */
    public String program() throws CodexMissingException {
        String name = configured.orElse("codex");
        if (name.contains(File.separator)) {
            if (isProgram(Path.of(name))) {
                return checked(name);
            }
            throw new CodexMissingException("The Codex CLI is not there: CODEX_MCP_CODEX_BIN names \"" + name
                    + "\", which " + (Files.exists(Path.of(name)) ? "is not an executable file" : "does not exist")
                    + ". " + INSTALL);
        }
        for (String folder : searchPath.split(File.pathSeparator)) {
            Path candidate = Path.of(folder.isEmpty() ? "." : folder, name);
            if (isProgram(candidate)) {
                return checked(candidate.toString());
            }
        }
        throw new CodexMissingException("The Codex CLI is not there: no \"" + name
                + "\" in any folder of the server's PATH (" + searchPath + "). " + INSTALL);
    }

    private static boolean isProgram(Path path) {
        return Files.isExecutable(path) && !Files.isDirectory(path);
    }

    /** Java hands what the system can't execute to a shell, which makes nonsense of it: better to say so here. */
    private static String checked(String program) throws CodexMissingException {
        if (!ExecutableFormat.fits(Path.of(program))) {
            throw new CodexMissingException(
                    "The Codex CLI can't be run: \"" + program + "\" is neither a script that begins "
                            + "with #! nor a binary for this system (exec format error). " + INSTALL);
        }
        return program;
    }

    /** There is no CLI to run; the message says where it was looked for and how to get it. */
    public static final class CodexMissingException extends Exception {
        private static final long serialVersionUID = 1L;

        CodexMissingException(String message) {
            super(message);
        }
    }
}
