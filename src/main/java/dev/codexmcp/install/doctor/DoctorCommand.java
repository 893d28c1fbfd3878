package dev.codexmcp.install.doctor;

import dev.codexmcp.install.Launcher;
import dev.codexmcp.install.os.Environment;
import dev.codexmcp.install.os.Terminal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The command {@code doctor}: checks all that the server needs, uses no network, and changes nothing.
 *
 * <p>Exit codes: 0, all is well; 1, something is wrong; 2, the command line makes no sense.
 */
public final class DoctorCommand {
    private static final String USAGE = """
            usage: codex-mcp-server doctor        (in a clone: scripts/doctor)

            Checks Java, the Codex CLI and its login, the configuration and the server itself. Uses no network, changes nothing.
            Exit code 0: all is well; 1: something is wrong, and the output says what to do.""";

    private DoctorCommand() {}

    /** Runs the command in this process's environment and terminal; returns its exit code. */
    public static int run(List<String> arguments) throws IOException, InterruptedException {
        Terminal terminal = Terminal.ofProcess();
        if (arguments.contains("--help") || arguments.contains("-h")) {
            terminal.print(USAGE);
            return 0;
        }
        if (!arguments.isEmpty()) {
            terminal.error("doctor: unknown argument \"" + arguments.get(0) + "\"\n\n" + USAGE);
            return 2;
        }
        return run(Launcher.ofThisJar(), Environment.ofProcess(), terminal);
    }

    /** @param launcher what starts the server; empty if it is missing */
    static int run(Optional<Path> launcher, Environment environment, Terminal terminal)
            throws IOException, InterruptedException {
        Report report = new Report(terminal);
        new CodexChecks(report, environment).run();
        new VariableChecks(report, environment).run();
        if (launcher.isPresent()) {
            new ServerChecks(report, environment, launcher.get()).run();
        } else {
            report.wrong("Launcher", "the script codex-mcp-server is not beside this jar", "install the server again");
        }
        report.sum();
        return report.wrong() == 0 ? 0 : 1;
    }
}
