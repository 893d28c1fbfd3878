package dev.codexmcp.install;

import dev.codexmcp.install.edit.NoteStore;
import dev.codexmcp.install.edit.RefusedException;
import dev.codexmcp.install.host.CursorHost;
import dev.codexmcp.install.host.EditedHost;
import dev.codexmcp.install.host.Host;
import dev.codexmcp.install.host.InheritedVariables;
import dev.codexmcp.install.host.PastedHost;
import dev.codexmcp.install.host.ServerVariables;
import dev.codexmcp.install.os.Environment;
import dev.codexmcp.install.os.Programs;
import dev.codexmcp.install.os.Terminal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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
        List<EditedHost> hosts = planner.hosts();
        List<PastedHost> pasted = planner.pasted();
        ServerVariables variables = options.uninstall() ? ServerVariables.NONE : variables();
        if (hosts.isEmpty() && pasted.isEmpty() && !options.uninstall()) {
            terminal.error("install: no host was found: name one (" + Options.HOSTS
                    + "), or paste this entry into your host's configuration:");
            terminal.print(new CursorHost().snippet(options.name(), launcher, variables));
            return 1;
        }
        List<Change> changes = plan(hosts, variables);
        pasted.forEach(host -> explain(host, variables));
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

    /** Tells the user what to do with a host whose file is not edited. */
    private void explain(PastedHost host, ServerVariables variables) {
        String place = host.place(environment);
        if (options.uninstall()) {
            terminal.print(
                    host.title() + ": remove the entry \"" + options.name() + "\" by hand. It is in " + place + ".");
            return;
        }
        terminal.print(host.title() + ": this host has not been tried. Paste this entry (" + place + "):\n");
        terminal.print(host.snippet(options.name(), launcher, variables));
    }

    private List<Change> plan(List<EditedHost> hosts, ServerVariables variables) {
        List<Change> changes = new ArrayList<>();
        Set<Path> files = new HashSet<>();
        for (EditedHost host : hosts) {
            try {
                if (!files.add(planner.file(host))) {
                    continue; // several hosts read this project's file
                }
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

    private ServerVariables variables() throws InterruptedException {
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
        Map<String, String> inherited = new LinkedHashMap<>(InheritedVariables.of(environment));
        inherited.keySet().removeAll(variables.keySet());
        return new ServerVariables(variables, inherited);
    }
}
