package dev.codexmcp.install.doctor;

import dev.codexmcp.install.Launcher;
import dev.codexmcp.install.os.Environment;
import dev.codexmcp.install.os.OtherProcess;
import dev.codexmcp.install.os.Terminal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The command {@code doctor}: checks everything the server needs. Uses no network and changes nothing. With {@code --worktrees} it offers to
 * remove what ended servers have left.
 *
 * <p>Exit codes: 0 if no problem was found; 1 if there are problems; 2 if the command line is invalid.
 */
public final class DoctorCommand {
    private static final String USAGE = """
            usage: codex-mcp-server doctor        (in a clone: scripts/doctor)
                   codex-mcp-server doctor --worktrees

            Checks Java, the Codex CLI and its login, the configuration and the server itself. Uses no network and changes nothing.
            With --worktrees it lists the worktrees with changes that ended servers have left, and asks which to remove. It removes those without changes,
            and what killed servers have left of their snapshots.
            Exit code 0: no problem found; 1: there are problems, and the output says how to fix them.""";

    private DoctorCommand() {}

    /** Runs the command in this process's environment and terminal; returns its exit code. */
    public static int run(List<String> arguments) throws IOException, InterruptedException {
        Terminal terminal = Terminal.ofProcess();
        if (arguments.contains("--help") || arguments.contains("-h")) {
            terminal.print(USAGE);
            return 0;
        }
        if (arguments.equals(List.of("--worktrees"))) {
            return new LeftWorktrees(Environment.ofProcess(), terminal).run();
        }
        if (!arguments.isEmpty()) {
            terminal.error("doctor: unknown argument \"" + arguments.get(0) + "\"\n\n" + USAGE);
            return 2;
        }
        return run(Launcher.ofThisJar(), Environment.ofProcess(), terminal);
    }

    /** @param launcher the script that starts the server; empty if it is missing */
    static int run(Optional<Path> launcher, Environment environment, Terminal terminal)
            throws IOException, InterruptedException {
        Report report = new Report(terminal);
        new CodexChecks(report, environment).run();
        new VariableChecks(report, environment).run();
        if (launcher.isPresent()) {
            new ServerChecks(report, environment, launcher.get()).run();
        } else {
            report.wrong("Launcher", "the script codex-mcp-server was not found near this jar", "reinstall the server");
        }
        new RunningServers(report, environment, OtherProcess.all()).run();
        new StateChecks(report, environment).run();
        report.sum();
        return report.wrong() == 0 ? 0 : 1;
    }
}
