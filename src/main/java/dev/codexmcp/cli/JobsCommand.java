package dev.codexmcp.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codexmcp.cli.fleet.JobRow;
import dev.codexmcp.cli.fleet.LiveFleet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists jobs, or waits for them. */
@Command(
        name = "jobs",
        header = "List the jobs of all your running servers.",
        description = {
            "",
            "Shows queued and running jobs, those that need attention first. With --wait, blocks until the jobs with these "
                    + "labels have ended.",
            ""
        },
        footer = {
            "",
            "Exit codes: 0 success, with --wait all jobs are done; 1 a job failed or was canceled, or its server has "
                    + "ended; 2 wrong usage; 3 no job has such a label; 124 the time is up."
        })
final class JobsCommand implements Callable<Integer> {
    private final Console console;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = {"-a", "--all"},
            description = "Ended jobs, too.")
    private boolean all;

    @Option(
            names = {"-l", "--label"},
            paramLabel = "LABEL",
            description = "Only jobs with this label; LABEL* means a prefix.")
    private @Nullable String label;

    @Option(names = "--json", description = "A JSON array with all fields.")
    private boolean json;

    @Option(names = "--wait", description = "Wait until the jobs with these labels have ended.")
    private boolean wait;

    @Option(names = "--timeout", paramLabel = "SECONDS", description = "With --wait: give up after this time.")
    private @Nullable Long timeout;

    @Parameters(arity = "0..*", paramLabel = "LABEL", description = "With --wait: labels; LABEL* means a prefix.")
    private List<String> labels = new ArrayList<>();

    JobsCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (wait == labels.isEmpty()) {
            throw new ParameterException(
                    spec().commandLine(),
                    wait
                            ? "--wait needs the labels to wait for"
                            : "Labels need --wait; to list only some jobs, use --label");
        }
        if (timeout != null && (!wait || timeout < 0)) {
            throw new ParameterException(spec().commandLine(), "--timeout takes 0 or more seconds, and needs --wait");
        }
        try (LiveFleet fleet = Cli.fleet(console)) {
            return wait ? new JobsWait(console, fleet, labels, Optional.ofNullable(timeout)).run() : list(fleet);
        }
    }

    private CommandSpec spec() {
        if (spec == null) {
            throw new IllegalStateException("not run by picocli");
        }
        return spec;
    }

    private int list(LiveFleet fleet) throws IOException {
        List<JobRow> jobs = fleet.jobs().stream()
                .filter(job -> all || !job.ended())
                .filter(job -> label == null || job.hasLabel(label))
                .toList();
        if (json) {
            ArrayNode rows = JsonNodeFactory.instance.arrayNode();
            jobs.forEach(job -> rows.add(withServer(job)));
            console.print(AsciiJson.pretty(rows));
            return 0;
        }
        if (jobs.isEmpty()) {
            console.error(
                    fleet.servers().isEmpty()
                            ? "no server with jobs is running (a server shows up with its first job)"
                            : "no such jobs" + (all ? "" : "; --all lists those that have ended, too"));
            return 0;
        }
        JobTable table = new JobTable(
                console.width(),
                console.hasColor(),
                jobs.stream().anyMatch(job -> job.text("host").isPresent()));
        long now = System.currentTimeMillis();
        console.print(table.header());
        jobs.forEach(job -> console.print(table.row(job, now)));
        return 0;
    }

    private static ObjectNode withServer(JobRow job) {
        ObjectNode row = job.json().deepCopy();
        job.label().ifPresent(whole -> row.put("label", whole));
        row.remove("fullLabel");
        row.putObject("server")
                .put("pid", job.server().pid())
                .put("version", job.server().version())
                .put("directory", job.server().directory());
        return row;
    }
}
