package dev.codexmcp.worker.remote;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Slurm: each worker is a job of its own, started with {@code srun}.
 *
 * @param options of {@code srun}, such as {@code --partition=long}
 */
record SlurmEngine(List<String> options) implements Engine {
    /** How long one attempt to end jobs may take, in seconds: the controller may be down. */
    private static final int REAP_SECONDS = 20;

    /** The same after the server: nobody else will do it. */
    private static final int REAP_AFTER_SERVER_SECONDS = 600;

    SlurmEngine {
        options = List.copyOf(options);
    }

    @Override
    public String title() {
        return "Slurm";
    }

    @Override
    public String program() {
        return "srun";
    }

    @Override
    public Set<String> files() {
        return Set.of("SLURM_CONF");
    }

    @Override
    public List<String> start(RemoteJob job, List<String> remote) {
        List<String> command = new ArrayList<>(List.of("srun", "--quiet", "--ntasks=1"));
        command.addAll(options);
        // After the options, for it to count. In a missing folder, srun would run the worker in /tmp: the runner
        // checks.
        command.addAll(List.of("--job-name=" + job.name(), "--chdir=/"));
        command.addAll(remote);
        return command;
    }

    @Override
    public List<String> reap(List<RemoteJob> jobs) {
        return List.of(
                reap(REAP_SECONDS, "fail", jobs.stream().map(RemoteJob::name).toList()));
    }

    @Override
    public String reapAfterServer(RemoteJob job) {
        return reap(REAP_AFTER_SERVER_SECONDS, "wait", List.of(Names.prefix(job.name())));
    }

    /** @param silence what to do if the controller does not answer: {@code wait} or {@code fail} */
    private static String reap(int seconds, String silence, List<String> names) {
        return ShellText.LINE_FEED + "sh -c " + ShellText.onOneLine(ShellText.script("slurm-reap.sh"))
                + " codex-mcp-reap " + seconds + " " + silence + " " + ShellText.quoted(names);
    }

    @Override
    public boolean passesEnvironment() {
        return true;
    }

    @Override
    public int connectingAtOnce() {
        return 0;
    }

    @Override
    public Optional<EngineQueue> queue() {
        return Optional.of(new Queue());
    }

    private static final class Queue implements EngineQueue {
        @Override
        public List<String> command() {
            return List.of("sh", "-c", "exec squeue -h -u \"$(id -un)\" -o '%j %T %r'", "codex-mcp-squeue");
        }

        @Override
        public Map<String, String> reasons(String output) {
            Map<String, String> reasons = new HashMap<>();
            output.lines().forEach(line -> {
                String[] fields =
                        line.strip().split(" +", 3); // a reason may have blanks, and a name of this server's has none
                if (fields.length == 3) {
                    boolean pending = fields[1].equals("PENDING") || fields[1].equals("CONFIGURING");
                    reasons.put(fields[0], pending ? fields[2] : "");
                }
            });
            return reasons;
        }
    }
}
