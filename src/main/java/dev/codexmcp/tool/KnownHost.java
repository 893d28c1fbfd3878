package dev.codexmcp.tool;

import java.util.Arrays;
import java.util.Optional;

/**
 * The hosts whose limits have been measured: the name that their client gives, the version that was measured, and the limits. A page is well below the length at which the host cuts an answer. The last two columns are the seconds after which the host gives up on a call, 0 if unknown, and whether progress extends them.
 */
enum KnownHost {
    //          client                   version     page  cuts   both   seconds  progress extends them
    CLAUDE_CODE("claude-code", "2.1.330", 32, false, false, 0, false), // files what is over 50 KB
    CODEX("codex-mcp-client", "0.169.0", 32, true, false, 300, false), // cuts at 40 KB; tool_timeout_sec
    COPILOT("copilot-cli", "1.0.102", 16, true, false, 60, true), // cuts at 20 KB
    GEMINI("gemini-cli-mcp-client", "0.61.0", 24, true, false, 600, false), // cuts at 31 to 40 KB; timeout
    QWEN("qwen-cli-mcp-client", "0.24.4", 24, true, false, 600, false), // cuts at 26 KB; timeout
    OPENCODE("opencode", "1.18.33", 32, false, false, 60, true), // files what is over 50 KB
    CLINE("@cline/core", "3.0.65", 7, true, true, 60, false), // cuts at 8,000 characters
    CONTINUE("continue-cli-client", "1.5.47", 32, false, false, 60, false); // does not cut 68 KB

    private final String client;
    private final String version;
    private final int pageKilobytes;
    private final boolean cutsTexts;
    private final boolean showsBoth;
    private final int seconds;
    private final boolean progressExtends;

    KnownHost(
            String client,
            String version,
            int pageKilobytes,
            boolean cutsTexts,
            boolean showsBoth,
            int seconds,
            boolean progressExtends) {
        this.client = client;
        this.version = version;
        this.pageKilobytes = pageKilobytes;
        this.cutsTexts = cutsTexts;
        this.showsBoth = showsBoth;
        this.seconds = seconds;
        this.progressExtends = progressExtends;
    }

    /** The host whose client has this name. Some clients append the name of the server. */
    static Optional<KnownHost> of(String clientName) {
        return Arrays.stream(values())
                .filter(host -> clientName.equals(host.client) || clientName.startsWith(host.client + "-"))
                .findFirst();
    }

    String client() {
        return client;
    }

    /** The version that was measured. */
    String version() {
        return version;
    }

    int pageBytes() {
        return pageKilobytes * 1024;
    }

    boolean cutsTexts() {
        return cutsTexts;
    }

    boolean showsBoth() {
        return showsBoth;
    }

    /** How long a call may take, in milliseconds; 0 if no limit is known. */
    long patienceMillis(boolean progressWanted) {
        return progressExtends && progressWanted ? 0 : seconds * 1000L;
    }
}
