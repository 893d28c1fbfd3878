package dev.codexmcp.worker.remote;

import dev.codexmcp.worker.ExitStatus;

/** What the runner says of a worker. */
sealed interface Report {
    /**
     * The worker is being started.
     *
     * @param host as the host calls itself
     */
    record Started(String host) implements Report {}

    /**
     * The worker has exited, and nothing of it is left.
     *
     * @param stopped whether the runner ended it because it got a SIGTERM: from the engine, unless this server sent it
     */
    record Exited(ExitStatus status, boolean stopped) implements Report {}

    /** The worker can't be started on that host. */
    record Failed(String reason) implements Report {}

    /** Reads a report without its mark. One that makes no sense counts as a failure. */
    static Report of(String line) {
        int blank = line.indexOf(' ');
        String kind = blank < 0 ? line : line.substring(0, blank);
        String rest = blank < 0 ? "" : line.substring(blank + 1);
        if (kind.equals("start")) {
            int end = rest.indexOf(' ');
            return new Started(end < 0 ? rest : rest.substring(0, end));
        }
        if (kind.equals("exit") && rest.matches("[0-9]{1,3}( stopped)?")) {
            String code = rest.replace(" stopped", "");
            return new Exited(ExitStatus.of(Integer.parseInt(code)), !code.equals(rest));
        }
        return new Failed(kind.equals("fail") ? rest : "the runner says \"" + line + "\"");
    }
}
