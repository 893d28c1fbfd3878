package dev.codexmcp.install.host;

import dev.codexmcp.install.os.Environment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * This machine as the remote machine of a VS Code (SSH, WSL, a container). What its own file names runs here, whereas
 * the editor's file names programs on the user's machine. No command writes that file.
 */
public final class VsCodeServerHost extends VsCodeFileHost {
    private static final List<String> FOLDERS =
            List.of(".vscode-server", ".vscode-server-insiders", ".vscodium-server");

    public VsCodeServerHost() {
        super("vscode-remote", "VS Code (remote)");
    }

    @Override
    public boolean isFound(Environment environment) {
        return Files.exists(folder(environment));
    }

    /** The first server's folder that exists; VS Code's own if there is none. */
    private static Path folder(Environment environment) {
        return FOLDERS.stream()
                .map(environment.home()::resolve)
                .filter(Files::exists)
                .findFirst()
                .orElseGet(() -> environment.home().resolve(FOLDERS.get(0)));
    }

    @Override
    public Path userFile(Environment environment) {
        return folder(environment).resolve("data/User").resolve(FILE);
    }
}
