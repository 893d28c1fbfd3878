package dev.codexmcp.cli;

import dev.codexmcp.cli.fleet.JobRow;
import dev.codexmcp.cli.fleet.LiveFleet;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.OptionSpec;

/** The commands for people. */
public final class Cli {
    /** How often a command asks for changes. */
    static final Duration INTERVAL = Duration.ofMillis(200);

    private static final Duration PATIENCE = Duration.ofSeconds(3);

    /** The exit code for failures; it is 2 for an invalid command line. */
    static final int FAILED = 1;

    private Cli() {}

    /** Runs a command and returns its exit code. */
    public static int run(List<String> arguments) {
        return run(arguments, Console.ofProcess());
    }

    static int run(List<String> arguments, Console console) {
        CommandLine line = new CommandLine(new Root())
                .addSubcommand(new JobsCommand(console))
                .addSubcommand(new WatchCommand(console))
                .addSubcommand(new LogsCommand(console))
                .addSubcommand(new CancelCommand(console))
                .addSubcommand(new DashboardCommand(console))
                .setColorScheme(CommandLine.Help.defaultColorScheme(console.hasColor() ? Ansi.ON : Ansi.OFF))
                .setUsageHelpWidth(100);
        for (CommandLine command : line.getSubcommands().values()) {
            command.setUsageHelpWidth(100);
            command.getCommandSpec()
                    .addOption(OptionSpec.builder("-h", "--help")
                            .type(boolean.class)
                            .usageHelp(true)
                            .description("Show this help.")
                            .build());
        }
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            console.error(SafeText.line(String.valueOf(failure.getMessage())));
            return FAILED;
        });
        return line.execute(arguments.toArray(String[]::new));
    }

    @CommandLine.Command(name = "codex-mcp-server")
    private static final class Root {}

    /** The jobs of all servers. Reports problems with servers on standard error. */
    static LiveFleet fleet(Console console) throws InterruptedException {
        LiveFleet fleet = LiveFleet.open(console.environment(), INTERVAL, PATIENCE);
        fleet.problems().forEach(problem -> console.error(SafeText.line(problem)));
        return fleet;
    }

    /**
     * The only job with this name.
     *
     * @throws NoSuchJobException if there is none, or several
     */
    static JobRow one(LiveFleet fleet, String name) throws NoSuchJobException {
        List<JobRow> found = fleet.named(name);
        if (found.size() == 1) {
            return found.get(0);
        }
        throw new NoSuchJobException(
                found.isEmpty()
                        ? "There is no job \"" + name
                                + "\": \"codex-mcp-server jobs --all\" lists the jobs of all running servers."
                        : "\"" + name + "\" matches " + found.size() + " jobs: type more of the id ("
                                + String.join(
                                        ", ",
                                        found.stream().limit(5).map(JobRow::id).toList()) + ").");
    }
}
