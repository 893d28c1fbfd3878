package dev.codexmcp.install.host;

import java.util.List;

/** The hosts that the server can be registered with. */
public final class Hosts {
    public static final List<EditedHost> EDITED = List.of(
            new CodexHost(),
            new ClaudeHost(),
            new CopilotHost(),
            new GeminiHost(),
            new OpencodeHost(),
            new QwenHost(),
            new ClineHost(),
            new ContinueHost(),
            new CursorHost(),
            new VsCodeHost("vscode", "VS Code", "code", "Code"),
            new VsCodeHost("vscode-insiders", "VS Code Insiders", "code-insiders", "Code - Insiders"),
            new VsCodeHost("vscodium", "VSCodium", "codium", "VSCodium"),
            new VsCodeServerHost());

    public static final List<PastedHost> PASTED = List.of(new WindsurfHost(), new ZedHost(), new JetBrainsHost());

    private Hosts() {}
}
