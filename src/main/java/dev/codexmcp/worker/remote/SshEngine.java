package dev.codexmcp.worker.remote;

import java.util.ArrayList;
import java.util.List;

/**
 * Another machine, by ssh. The user's own ssh configuration says how to reach it.
 *
 * @param host a name or {@code user@name}
 * @param options of {@code ssh}, such as {@code -p2222}
 */
record SshEngine(String host, List<String> options) implements Engine {
    /** OpenSSH's server starts to refuse connections when ten have not logged in yet ({@code MaxStartups}). */
    private static final int CONNECTING = 8;

    SshEngine {
        if (!host.matches("[A-Za-z0-9_\\[][A-Za-z0-9_.:@%\\[\\]-]*")) {
            throw new IllegalArgumentException("\"" + host + "\" is not the name of a host");
        }
        options = List.copyOf(options);
    }

    @Override
    public String title() {
        return "ssh to " + host;
    }

    @Override
    public String program() {
        return "ssh";
    }

    @Override
    public List<String> start(RemoteJob job, List<String> remote) {
        return command(ShellText.quoted(remote));
    }

    private List<String> command(String remote) {
        List<String> command = new ArrayList<>(List.of("ssh", "-T"));
        command.addAll(options); // ssh takes the first value of each
        command.addAll(List.of(
                "-oBatchMode=yes",
                "-oConnectTimeout=20",
                "-oServerAliveInterval=15",
                "-oServerAliveCountMax=4",
                host,
                remote));
        return command;
    }

    @Override
    public List<String> reap(List<RemoteJob> jobs) {
        return List.of(reap(String.join(
                "|", jobs.stream().map(job -> Runner.cookie(job) + "( |$)").toList())));
    }

    @Override
    public String reapAfterServer(RemoteJob job) {
        String name = Names.prefix(job.name());
        return reap(name.substring(0, name.length() - 1) + "/");
    }

    /** Ends the processes there whose cookie matches this regular expression. */
    private String reap(String cookies) {
        return ShellText.LINE_FEED + "printf '%s\\n' " + ShellText.onOneLine(Runner.reaping(cookies)) + " | "
                + ShellText.quoted(command(ShellText.quoted(Runner.SHELL)));
    }

    @Override
    public boolean passesEnvironment() {
        return false;
    }

    @Override
    public int connectingAtOnce() {
        return CONNECTING;
    }
}
