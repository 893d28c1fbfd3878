package dev.codexmcp.worker.remote;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Containers on this machine: each worker runs in one of its own. The container sees the worker's folder and CODEX_HOME, under the
 * same paths.
 *
 * @param program {@code podman} or {@code docker}
 * @param codexHome if it is set
 * @param options of {@code run}, such as {@code --network=host}
 */
record ContainerEngine(String program, String image, Optional<String> codexHome, List<String> options)
        implements Engine {
    ContainerEngine {
        if (!image.matches("[A-Za-z0-9][A-Za-z0-9_.:/@-]*")) {
            throw new IllegalArgumentException("\"" + image + "\" is not the name of an image");
        }
        options = List.copyOf(options);
    }

    @Override
    public String title() {
        return program + " with " + image;
    }

    @Override
    public List<String> start(RemoteJob job, List<String> remote) {
        List<String> command = new ArrayList<>(List.of(program, "run", "--rm", "-i", "--init"));
        command.addAll(List.of("--name=" + job.name(), "--hostname=" + program));
        mount(command, job.directory());
        codexHome.filter(home -> !home.equals(job.directory())).ifPresent(home -> mount(command, home));
        command.addAll(options);
        command.add(image);
        command.addAll(remote);
        return command;
    }

    /** A comma in a path would end the value, unless the whole field is quoted as in CSV. */
    private static void mount(List<String> command, String folder) {
        String field = "\"src=" + folder.replace("\"", "\"\"") + "\",\"dst=" + folder.replace("\"", "\"\"") + "\"";
        command.add("--mount=type=bind," + field);
    }

    @Override
    public List<String> reap(List<RemoteJob> jobs) {
        return List.of(program + " rm -f "
                + ShellText.quoted(jobs.stream().map(RemoteJob::name).toList())
                + " >/dev/null 2>&1; "
                + left(jobs.stream().map(RemoteJob::name).toList()));
    }

    @Override
    public String reapAfterServer(RemoteJob job) {
        String prefix = Names.prefix(job.name());
        return program + " rm -f $(" + program + " ps -aq --filter name=^" + prefix + ") >/dev/null 2>&1; "
                + left(List.of(prefix));
    }

    /** Fails if a container is left whose name begins with one of these. */
    private String left(List<String> names) {
        return "cm_left=$(" + program + " ps -a --format '{{.Names}}') && ! echo \"$cm_left\" | grep -qE "
                + ShellText.quoted("^(" + String.join("|", names) + ")");
    }

    @Override
    public boolean passesEnvironment() {
        return false;
    }

    @Override
    public int connectingAtOnce() {
        return 8;
    }
}
