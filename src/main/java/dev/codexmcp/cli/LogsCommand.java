package dev.codexmcp.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.cli.fleet.JobRow;
import dev.codexmcp.cli.fleet.LiveFleet;
import java.io.IOException;
import java.time.ZoneId;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what a job has done. */
@Command(
        name = "logs",
        header = "Show a job's events as text.",
        description = {"", "Its messages, commands with the end of their output, edits and errors, oldest first.", ""},
        footer = {"", "Exit codes: 0 success; 1 there is no such job, or its server has ended; 2 wrong usage."})
final class LogsCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "JOB", description = "An id, the beginning of one, or a label.")
    private String name = "";

    @Option(
            names = {"-f", "--follow"},
            description = "Go on until the job has ended.")
    private boolean follow;

    @Option(names = "--json", description = "A line of JSON for each event.")
    private boolean json;

    LogsCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException, InterruptedException, NoSuchJobException {
        try (LiveFleet fleet = Cli.fleet(console)) {
            JobRow job = Cli.one(fleet, name);
            EventText text = new EventText(console.hasColor(), ZoneId.systemDefault());
            long cursor = 0;
            while (!console.isBroken()) {
                JsonNode page = fleet.ask(job, LiveFleet.request("events").put("cursor", cursor));
                if (page.has("error")) {
                    throw new IOException(page.path("error").asText());
                }
                for (JsonNode event : page.path("events")) {
                    String line = json ? AsciiJson.line(event) : text.of(event);
                    if (!line.isEmpty()) {
                        console.print(line);
                    }
                }
                cursor = page.path("nextCursor").asLong();
                if (page.path("done").asBoolean()
                        || (!follow && page.path("events").isEmpty())) {
                    return 0;
                }
                if (page.path("events").isEmpty()) {
                    Thread.sleep(Cli.INTERVAL.toMillis());
                }
            }
            return Cli.FAILED;
        }
    }
}
