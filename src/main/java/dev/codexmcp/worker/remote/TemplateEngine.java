package dev.codexmcp.worker.remote;

import java.util.ArrayList;
import java.util.List;

/**
 * An engine that the user has described.
 *
 * @param title its name in the configuration
 * @param command starts what follows it, with placeholders
 * @param reap ends a worker by name, with placeholders; empty: there is no way
 * @param shell whether what follows the command is one argument, for a shell
 * @param options follow the command
 */
record TemplateEngine(String title, List<String> command, List<String> reap, boolean shell, List<String> options)
        implements Engine {
    TemplateEngine {
        if (command.isEmpty()) {
            throw new IllegalArgumentException("a launcher needs a command");
        }
        command = List.copyOf(command);
        reap = List.copyOf(reap);
        options = List.copyOf(options);
    }

    @Override
    public String program() {
        return command.get(0);
    }

    @Override
    public List<String> start(RemoteJob job, List<String> remote) {
        List<String> whole = new ArrayList<>(job.fill(command));
        whole.addAll(job.fill(options));
        if (shell) {
            whole.add(ShellText.quoted(remote));
        } else {
            whole.addAll(remote);
        }
        return whole;
    }

    @Override
    public List<String> reap(List<RemoteJob> jobs) {
        return jobs.stream().map(this::reapAfterServer).toList();
    }

    @Override
    public String reapAfterServer(RemoteJob job) {
        if (reap.isEmpty()) {
            return ":";
        }
        StringBuilder code = new StringBuilder(ShellText.LINE_FEED);
        job.fill(reap).forEach(word -> code.append(ShellText.onOneLine(word)).append(' '));
        return code.toString();
    }

    @Override
    public boolean passesEnvironment() {
        return program().equals("srun") || program().endsWith("/srun");
    }

    @Override
    public int connectingAtOnce() {
        return 0;
    }
}
