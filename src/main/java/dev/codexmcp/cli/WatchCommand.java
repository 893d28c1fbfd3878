package dev.codexmcp.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.cli.fleet.JobRow;
import dev.codexmcp.cli.fleet.LiveFleet;
import java.io.IOException;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows all jobs, live. */
@Command(
        name = "watch",
        header = "Watch the jobs of all your running servers.",
        description = {
            "",
            "Arrow keys select a job, Enter shows its log, c cancels it after a question, q quits. If this is not a terminal, "
                    + "prints a line whenever a job starts, needs attention or ends.",
            ""
        },
        footer = {"", "Exit codes: 0 ended by q or Ctrl-C; 2 wrong usage."})
final class WatchCommand implements Callable<Integer> {
    private final Console console;

    @Option(
            names = {"-a", "--all"},
            description = "Ended jobs, too.")
    private boolean all;

    @Option(names = "--bell", description = "Ring when a job ends.")
    private boolean bell;

    WatchCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (LiveFleet fleet = Cli.fleet(console)) {
            fleet.watched(true);
            if (console.isInteractive()) {
                WatchScreen.run(fleet, new WatchView(console.hasColor(), all, bell), console.hasColor());
            } else {
                printChanges(fleet);
            }
            return 0;
        }
    }

    private void printChanges(LiveFleet fleet) throws InterruptedException {
        Map<String, String> known = new HashMap<>();
        boolean first = true;
        while (!console.isBroken()) {
            for (JobRow job : fleet.jobs()) {
                String state = job.status() + " " + String.join(", ", job.attention());
                if (!state.equals(known.put(job.id(), state)) && (!first || all || !job.ended())) {
                    console.print(line(job));
                }
            }
            first = false;
            Thread.sleep(Cli.INTERVAL.toMillis());
        }
    }

    private String line(JobRow job) {
        String attention = String.join(", ", job.attention());
        String more = job.ended() ? job.text("reason").orElse("") : attention.isEmpty() ? "" : "! " + attention;
        return LocalTime.now(ZoneId.systemDefault()).withNano(0) + "  " + SafeText.fit(job.status(), 8) + "  "
                + JobTable.shortId(job) + "  "
                + SafeText.line(job.label().orElse("")) + (more.isEmpty() ? "" : "  " + SafeText.line(more))
                + (bell && job.ended() && console.isTerminal() ? "\u0007" : "");
    }

    /** The lines of a page of events. */
    static List<String> lines(JsonNode page, EventText text) {
        List<String> lines = new ArrayList<>();
        for (JsonNode event : page.path("events")) {
            text.of(event).lines().forEach(lines::add);
        }
        return lines;
    }
}
