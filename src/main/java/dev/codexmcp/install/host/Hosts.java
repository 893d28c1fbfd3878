package dev.codexmcp.install.host;

import java.util.List;

/** The hosts that the server can be registered with. */
public final class Hosts {
    public static final List<Host> ALL = List.of(new CodexHost(), new ClaudeHost(), new CursorHost(), new VsCodeHost());

    private Hosts() {}
}
