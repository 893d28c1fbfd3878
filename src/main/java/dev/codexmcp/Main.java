package dev.codexmcp;

import dev.codexmcp.cli.Cli;
import dev.codexmcp.control.ControlSocket;
import dev.codexmcp.control.Sources;
import dev.codexmcp.install.InstallCommand;
import dev.codexmcp.install.doctor.DoctorCommand;
import dev.codexmcp.job.JobRegistry;
import dev.codexmcp.job.JobScheduler;
import dev.codexmcp.job.JobTimer;
import dev.codexmcp.job.changes.Changes;
import dev.codexmcp.job.journal.Journal;
import dev.codexmcp.mcp.CodexMcpServer;
import dev.codexmcp.mcp.ServerSettings;
import dev.codexmcp.tool.ToolCatalog;
import dev.codexmcp.worker.Cookie;
import dev.codexmcp.worker.DepthLimitedLauncher;
import dev.codexmcp.worker.LocalLauncher;
import dev.codexmcp.worker.WorkerLauncher;
import dev.codexmcp.worker.WorkerPlace;
import dev.codexmcp.worker.remote.LauncherConfig;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/** Starts the server, and stops it and all its workers at EOF on standard input or on a signal. */
public final class Main {
    private static final String USAGE = """
            codex-mcp-server: an MCP server over standard input and output that runs Codex workers in parallel.

            usage: codex-mcp-server [--version | --help]
                   codex-mcp-server install [--help]    register it with hosts, or remove it
                   codex-mcp-server doctor              check everything it needs
                   codex-mcp-server doctor --worktrees  remove worktrees that ended servers have left
                   codex-mcp-server jobs [--help]       list the jobs of all your servers, or wait for them
                   codex-mcp-server watch               the same, live
                   codex-mcp-server logs JOB            show what a job has done
                   codex-mcp-server cancel JOB          end a job
                   codex-mcp-server dashboard           show all jobs in the browser

            An MCP client (Codex CLI, Claude Code, Cursor, ...) starts it. It needs the Codex CLI to run workers.
            Environment:
              CODEX_MCP_MAX_JOBS         maximum number of running jobs (default 32)
              CODEX_MCP_MAX_READERS      maximum number of running read-only jobs (default: CODEX_MCP_MAX_JOBS)
              CODEX_MCP_MAX_WRITERS      maximum number of running jobs with any other sandbox (default: CODEX_MCP_MAX_JOBS)
              CODEX_MCP_QUEUE            1: spawns past these limits wait instead of failing
              CODEX_MCP_MAX_QUEUED       maximum number of waiting jobs (default 10000)
              CODEX_MCP_MAX_TOKENS       maximum number of tokens for all jobs together (default: no limit)
              CODEX_MCP_MAX_RUN_MS       maximum running time of a job (default: no limit)
              CODEX_MCP_MAX_IDLE_MS      maximum time without a sign of life from a job (default: no limit)
              CODEX_MCP_DEFAULT_MODEL    model for calls that name none (default: the CLI's configuration)
              CODEX_MCP_DEFAULT_EFFORT   reasoning effort for calls that name none (default: the CLI's configuration)
              CODEX_MCP_DEFAULT_SANDBOX  read-only, workspace-write (default) or danger-full-access
              CODEX_MCP_TOOLS            the tools to list: all (default), jobs, or names, separated by commas
              CODEX_MCP_MAX_DEPTH        no workers in a server with this many of these servers above it (default: no limit)
              CODEX_MCP_JOURNAL          off: no note of the jobs' threads, which codex_followup needs after a restart
              CODEX_MCP_SNAPSHOTS        off: no snapshots of the trees that workers change
              CODEX_MCP_MAX_WAIT_MS      how long a call may take before it answers "still running" (default: the host's limit, if known)
              CODEX_MCP_LAUNCHER         where workers run: local (default), slurm, ssh:HOST, podman:IMAGE, docker:IMAGE, a name
              CODEX_MCP_LAUNCHERS        such names: a JSON object, see docs/cluster.md
              CODEX_MCP_CODEX_BIN        the Codex CLI to run (default: codex on PATH)
              CODEX_MCP_SOCKET           off: no control socket, so that jobs, logs and the like don't see this server
              CODEX_MCP_CALLBACK_URI     passed to every worker; a call's callbackUri overrides it
              CODEX_MCP_LOG_LEVEL        error, warn (default), info or debug; logs go to standard error
              JAVA_HOME                  the Java to use, 17 or newer (default: java on PATH)
              CODEX_MCP_JAVA_OPTS        additional flags for Java""";

    /** The commands for people. Named here: a server must not load the package that has them. */
    private static final Set<String> COMMANDS = Set.of("jobs", "watch", "logs", "cancel", "dashboard");

    private static final LauncherConfig.Variables LAUNCHER_VARIABLES = new LauncherConfig.Variables(
            "CODEX_MCP_LAUNCHER",
            "CODEX_MCP_LAUNCHERS",
            "CODEX_MCP_LAUNCH_RATE",
            "CODEX_MCP_LEASE_SECONDS",
            "CODEX_MCP_LAUNCHER_ENV");

    private final JobScheduler scheduler;
    private final Optional<Journal> journal;
    private final Changes changes;
    private final ControlSocket control;
    private final CodexMcpServer server;
    private boolean ended;

    /** @param out an unbuffered stream */
    Main(Map<String, String> environment, InputStream in, OutputStream out) {
        ServerConfig config = ServerConfig.of(environment, line -> System.err.println(line));
        ScheduledThreadPoolExecutor timer = JobTimer.create();
        JobRegistry jobs = new JobRegistry();
        journal = config.journal().map(Journal::new);
        journal.ifPresent(jobs::listen);
        journal.ifPresent(jobs::remember);
        changes = new Changes(config.changes(environment));
        jobs.listen(changes);
        WorkerLauncher local = new LocalLauncher(timer);
        changes.mark(() -> {
            Cookie cookie = local.cookie("git", WorkerPlace.HERE);
            return Map.of(cookie.variable(), cookie.value());
        });
        scheduler = new JobScheduler(
                jobs, launcher(local, timer, config, environment), config.cli(), config.scheduler(), timer);
        scheduler.use(changes.workplaces());
        control = new ControlSocket(environment, version());
        server = new CodexMcpServer(
                in,
                out,
                threads -> {
                    ToolCatalog all =
                            new ToolCatalog(jobs, scheduler, changes, timer, config.defaultSandbox(), threads);
                    if (config.controlSocket()) {
                        control.openWithFirstJob(new Sources(jobs, all.fleet(), changes, scheduler::heldTimes));
                    }
                    return all.select(config.tools(), line -> System.err.println(line));
                },
                () -> {
                    scheduler.warmUp();
                    changes.cleanUp();
                },
                new ServerSettings(version(), config.hosts(), config.stateless()),
                this::clientGone);
    }

    private static WorkerLauncher launcher(
            WorkerLauncher local,
            ScheduledThreadPoolExecutor timer,
            ServerConfig config,
            Map<String, String> environment) {
        WorkerLauncher launcher = LAUNCHER_VARIABLES.areUsed(environment)
                ? LauncherConfig.read(LAUNCHER_VARIABLES, environment, line -> System.err.println(line), local, timer)
                : local;
        return config.maxDepth().isPresent()
                ? new DepthLimitedLauncher(launcher, config.maxDepth().getAsInt(), environment)
                : launcher;
    }

    public static void main(String[] arguments) throws InterruptedException, IOException {
        List<String> given = Arrays.asList(arguments);
        if (given.indexOf("install") == 0) {
            System.exit(InstallCommand.run(given.subList(1, given.size())));
        }
        if (given.indexOf("doctor") == 0) {
            System.exit(DoctorCommand.run(given.subList(1, given.size())));
        }
        if (!given.isEmpty() && COMMANDS.contains(given.get(0))) {
            System.exit(Cli.run(given));
        }
        if (given.contains("--version")) {
            System.out.println("codex-mcp-server " + version());
            return;
        }
        if (given.contains("--help") || given.contains("-h")) {
            System.out.println(USAGE);
            return;
        }
        if (given.equals(List.of("--train"))) {
            LogSetup.use();
            Training.run();
            return;
        }
        if (!given.isEmpty()) {
            System.err.println("codex-mcp-server: unknown argument \"" + given.get(0) + "\"\n\n" + USAGE);
            System.exit(2);
        }
        // From here on, nothing else printed to standard output may reach the client.
        System.setOut(System.err);
        Map<String, String> environment = environment();
        LogSetup.use();
        // The raw streams: System.out buffers, locks, and is open to any code that prints.
        Main main =
                new Main(environment, new FileInputStream(FileDescriptor.in), new FileOutputStream(FileDescriptor.out));
        Runtime.getRuntime().addShutdownHook(main.atSignal());
        main.serve();
        Runtime.getRuntime().halt(0);
    }

    /** The environment. When it is first read, Java 25 prints a warning about how the launcher has workers started. */
    private static Map<String, String> environment() {
        PrintStream err = System.err;
        System.setErr(new PrintStream(OutputStream.nullOutputStream()));
        try {
            return System.getenv();
        } finally {
            System.setErr(err);
        }
    }

    /** Serves until the client closes its end, then stops the workers. */
    void serve() throws InterruptedException {
        server.run();
        end(true);
    }

    /** Stops the server on a signal. The exit code is 0 here too, since nothing has failed. */
    Thread atSignal() {
        return new Thread(
                () -> {
                    end(false);
                    Runtime.getRuntime().halt(0);
                },
                "end");
    }

    /** The client has gone or stopped reading. The main thread may be stuck, so this does not wait for it. */
    private void clientGone() {
        scheduler.close();
        end(false);
        Runtime.getRuntime().halt(0);
    }

    /** Stops the workers. Returns once they have stopped, even if another thread got here first. */
    private synchronized void end(boolean callsFirst) {
        if (ended) {
            return;
        }
        ended = true;
        control.close();
        try {
            if (callsFirst) {
                server.finishCalls();
            }
            scheduler.close();
            server.finishAnswers();
            journal.ifPresent(Journal::close);
            changes.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String version() {
        String version = Main.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
