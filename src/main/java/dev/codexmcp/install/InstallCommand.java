package dev.codexmcp.install;

import dev.codexmcp.install.edit.NoteStore;
import dev.codexmcp.install.edit.RefusedException;
import dev.codexmcp.install.host.Host;
import dev.codexmcp.install.os.Environment;
import dev.codexmcp.install.os.Programs;
import dev.codexmcp.install.os.Terminal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The command {@code install}: registers the server with hosts, or removes it from them.
 *
 * <p>Exit codes: 0 if everything was done or there was nothing to do; 1 if something was not done, with the reason on
 * standard error; 2 if the command line is invalid.
 */
public final class InstallCommand {
    private static final int START_SECONDS = 600;

    private final Options options;
    private final Path launcher;
    private final Environment environment;
    private final Terminal terminal;
    private final Planner planner;
    private boolean refused;

    private InstallCommand(Options options, Path launcher, Environment environment, Terminal terminal) {
        this.options = options;
        this.launcher = launcher;
        this.environment = environment;
        this.terminal = terminal;
        Path state = environment
                .path("XDG_STATE_HOME")
                .orElseGet(() -> environment.home().resolve(".local/state"));
        planner = new Planner(options, launcher, environment, new NoteStore(state.resolve("codex-mcp-server")));
    }

    /** Runs the command in this process's environment and terminal; returns its exit code. */
    public static int run(List<String> arguments) throws InterruptedException {
        Terminal terminal = Terminal.ofProcess();
        Optional<Path> launcher = Launcher.ofThisJar();
        if (launcher.isEmpty()) {
            terminal.error("install: the script codex-mcp-server, which hosts must start, was not found near this jar");
            return 1;
        }
        return run(arguments, launcher.get(), Environment.ofProcess(), terminal);
    }

    static int run(List<String> arguments, Path launcher, Environment environment, Terminal terminal)
            throws InterruptedException {
        if (arguments.contains("--help") || arguments.contains("-h")) {
            terminal.print(Options.USAGE);
            return 0;
        }
        try {
            Options options = Options.parse(arguments, environment.folder());
            return new InstallCommand(options, launcher, environment, terminal).run();
        } catch (Options.UsageException e) {
            terminal.error("install: " + e.getMessage());
            return 2;
        }
    }

    private int run() throws InterruptedException {
        List<Host> hosts = planner.hosts();
        if (hosts.isEmpty() && !options.uninstall()) {
            terminal.error("install: no host was found: name one (codex, claude, cursor, vscode), or see --help");
            return 1;
        }
        List<Change> changes = plan(hosts);
        if (changes.isEmpty()) {
            if (options.uninstall() && options.hosts().isEmpty() && !refused) {
                terminal.print("Nothing to do: no host has a server named " + options.name() + ".");
            }
            return refused ? 1 : 0;
        }
        changes.forEach(change -> change.description().forEach(terminal::print));
        if (options.dryRun()) {
            return refused ? 1 : 0;
        }
        String question = changes.size() == 1 ? "Make this change?" : "Make these " + changes.size() + " changes?";
        if (!options.yes() && !terminal.confirms(question)) {
            terminal.error("install: nothing was changed");
            return 1;
        }
        for (Change change : changes) {
            try {
                terminal.print(change.make());
            } catch (RefusedException e) {
                refuse(change.host(), e);
            }
        }
        return refused ? 1 : 0;
    }

    private List<Change> plan(List<Host> hosts) throws InterruptedException {
        Map<String, String> variables = options.uninstall() ? Map.of() : variables();
        List<Change> changes = new ArrayList<>();
        for (Host host : hosts) {
            try {
                Optional<Change> change =
                        options.uninstall() ? planner.uninstall(host) : planner.install(host, variables);
                if (change.isPresent()) {
                    changes.add(change.get());
                } else if (!options.uninstall()) {
                    terminal.print(host.title() + ": nothing to do, " + planner.file(host) + " already has the entry");
                } else if (!options.hosts().isEmpty()) {
                    terminal.print(
                            host.title() + ": nothing to do, " + planner.file(host) + " does not have the entry");
                }
            } catch (RefusedException e) {
                refuse(host, e);
            }
        }
        return changes;
    }

    private void refuse(Host host, RefusedException e) {
        terminal.error("install: " + host.title() + ": " + e.getMessage());
        refused = true;
    }

    /** The variables whose current values go into the entry, since the host may not pass them to the server. */
    private Map<String, String> variables() throws InterruptedException {
        Map<String, String> variables = new LinkedHashMap<>();
        for (String name : List.of("CODEX_HOME", "CODEX_MCP_CODEX_BIN")) {
            environment.variable(name).ifPresent(value -> variables.put(name, value));
        }
        Optional<String> javaHome = environment.variable("JAVA_HOME");
        if (javaHome.isPresent()) {
            Environment byPath = environment.without("JAVA_HOME");
            List<String> start = List.of(launcher.toString(), "--version");
            if (!Programs.run(byPath, START_SECONDS, start).isSuccess()) {
                variables.put("JAVA_HOME", javaHome.get());
            }
        }
        return variables;
    }
}
