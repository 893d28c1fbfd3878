package dev.codexmcp.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.cli.fleet.JobRow;
import dev.codexmcp.cli.fleet.LiveFleet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Ends jobs. */
@Command(
        name = "cancel",
        header = "End jobs, with everything their workers started.",
        description = {"", "The boss sees them as canceled. What they have written stays as it is.", ""},
        footer = {
            "",
            "Exit codes: 0 the end of all was asked for; 1 a job had ended already, or there is no such job; 2 wrong usage."
        })
final class CancelCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(arity = "1..*", paramLabel = "JOB", description = "An id, the beginning of one, or a label.")
    private List<String> names = new ArrayList<>();

    @Option(
            names = {"-f", "--force"},
            description = "Kill at once, instead of asking first.")
    private boolean force;

    CancelCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException, InterruptedException, NoSuchJobException {
        try (LiveFleet fleet = Cli.fleet(console)) {
            List<JobRow> jobs = new ArrayList<>();
            for (String name : names) {
                jobs.add(Cli.one(fleet, name));
            }
            int code = 0;
            for (JobRow job : jobs) {
                JsonNode answer = fleet.ask(job, LiveFleet.request("cancel").put("force", force));
                if (answer.path("canceled").asBoolean()) {
                    console.print("canceled " + job.id());
                } else {
                    console.error(answer.path("error").asText("job " + job.id() + " had ended already"));
                    code = Cli.FAILED;
                }
            }
            return code;
        }
    }
}
